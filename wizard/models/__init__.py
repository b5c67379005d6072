"""What authors edit, what visitors read, what the platform reports."""

from wizard.models.code import Code, UnknownCode
from wizard.models.guide import Answer, Guide, Outcome, Question, RemediationStep
from wizard.models.publication import Publication
from wizard.models.report import StatusReport

__all__ = [
    "Answer",
    "Code",
    "Guide",
    "Outcome",
    "Publication",
    "Question",
    "RemediationStep",
    "StatusReport",
    "UnknownCode",
]
