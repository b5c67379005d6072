"""The events of a case in words."""

from django.utils.translation import gettext as _

from wizard.cases.standing import Standing
from wizard.engine.snapshot import Snapshot
from wizard.models import CaseEvent
from wizard.transcripts.writing import as_line, moment
from wizard.wording.cases import THE_CUSTOMER, did
from wizard.wording.guide import given_words
from wizard.wording.lookups import call, result


def told(standing: Standing, event: CaseEvent) -> tuple[str, ...]:
    """One event: when, who and what; then its text, line by line."""
    what = did(event.kind, event.key) % _words(standing.snapshot, event)
    words = {"time": moment(event.at), "who": who(event), "what": what}
    return (_("%(time)s, %(who)s: %(what)s") % words, *event.text.splitlines())


def _words(snapshot: Snapshot, event: CaseEvent) -> dict[str, str]:
    key, value = event.key, event.value
    step = snapshot.step_named(value)
    return {
        "node": snapshot.title_of(key) or key,
        "value": given_words(snapshot, key, value),
        "step": as_line(step.text) if step is not None else value,
        "call": call(key),
        "result": result(value),
    }


def who(event: CaseEvent) -> str:
    if event.by:
        return _("agent %(name)s") % {"name": event.by}
    return _("the site") if event.kind == CaseEvent.Kind.LOOKED_UP else str(THE_CUSTOMER)
