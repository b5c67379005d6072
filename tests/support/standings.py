"""Cases as they stand, without a database: for tests of what is said about them."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.support.guides import DOCUMENT
from tests.support.messages import MESSAGE
from tests.support.moments import NOON
from wizard.cases.standing import Standing
from wizard.engine.document import compile_document
from wizard.engine.evidence import Finding
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import walk
from wizard.models import Case, CaseEvent, Publication


def stands(
    answers: Mapping[str, str] | None = None,
    findings: Iterable[Finding] = (),
    *,
    document: Mapping[str, Any] = DOCUMENT,
    snapshot: Snapshot | None = None,
    **fields: Any,
) -> Standing:
    """A case of the toy guide after these answers; `fields` are the case's."""
    snapshot = snapshot or compile_document(document)
    case = Case(
        **{
            "reference": "SMS-7F3K2Q",
            "publication": Publication(number=3, digest=snapshot.digest),
            "message_id": MESSAGE,
            "recipient_masked": "+86 138****5678",
            "answers": dict(answers or {}),
            "opened_at": NOON,
            "changed_at": NOON,
            **fields,
        }
    )
    evidence = {finding.fact: finding for finding in findings}
    trail = walk(snapshot, case.answers, evidence, NOON, case.start)
    return Standing(case, snapshot, evidence, trail, NOON)


def found(fact: str, value: Any, source: str = "status reports") -> Finding:
    """A finding of noon."""
    return Finding(fact, value, source, NOON)


def event(kind: CaseEvent.Kind, **fields: Any) -> CaseEvent:
    """Something that happened at noon."""
    return CaseEvent(kind=kind, **{"at": NOON, **fields})
