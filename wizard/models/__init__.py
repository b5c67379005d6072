"""What authors edit, what visitors read, what the platform reports, and all of a case."""

from wizard.models.case import Case, CaseEvent, CaseLink, Viewer
from wizard.models.code import Cause, Code, UnknownCode
from wizard.models.flag import Flag
from wizard.models.guide import Answer, Guide, Outcome, Question, RemediationStep
from wizard.models.handover import Delivery, Queue
from wizard.models.publication import Publication, ScheduledPublication
from wizard.models.report import StatusReport
from wizard.models.translation import Translation
from wizard.models.unanswered import UnansweredSearch

__all__ = [
    "Answer",
    "Case",
    "CaseEvent",
    "CaseLink",
    "Cause",
    "Code",
    "Delivery",
    "Flag",
    "Guide",
    "Outcome",
    "Publication",
    "Question",
    "Queue",
    "RemediationStep",
    "ScheduledPublication",
    "StatusReport",
    "Translation",
    "UnansweredSearch",
    "UnknownCode",
    "Viewer",
]
