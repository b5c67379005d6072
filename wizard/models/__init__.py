"""What authors edit, what visitors read, what the platform reports, and cases."""

from wizard.models.case import Case, CaseEvent
from wizard.models.code import Code, UnknownCode
from wizard.models.guide import Answer, Guide, Outcome, Question, RemediationStep
from wizard.models.publication import Publication
from wizard.models.report import StatusReport

__all__ = [
    "Answer",
    "Case",
    "CaseEvent",
    "Code",
    "Guide",
    "Outcome",
    "Publication",
    "Question",
    "RemediationStep",
    "StatusReport",
    "UnknownCode",
]
