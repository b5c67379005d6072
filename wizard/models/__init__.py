"""What authors edit (guide, catalogue) and what visitors read (publications)."""

from wizard.models.code import Code, UnknownCode
from wizard.models.guide import Answer, Guide, Outcome, Question, RemediationStep
from wizard.models.publication import Publication

__all__ = [
    "Answer",
    "Code",
    "Guide",
    "Outcome",
    "Publication",
    "Question",
    "RemediationStep",
    "UnknownCode",
]
