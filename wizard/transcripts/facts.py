"""What is known of a case, in words that every text about it shares."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.cases.standing import Standing
from wizard.engine.evidence import Finding, with_clock
from wizard.engine.snapshot import Outcome
from wizard.pasted.reading import SOURCE as PASTED
from wizard.transcripts.writing import as_line, labelled, moment, one_line
from wizard.walks.page import WalkPage, walk_page
from wizard.wording import evidence
from wizard.wording.lookups import CALLS, failure

ATTACH: Final = (
    gettext_lazy("the account name and the APP_Key (never the secret)"),
    gettext_lazy("the message ID (smsMsgId)"),
    gettext_lazy("the recipient's number, in full only inside the ticket"),
    gettext_lazy("the time of sending with its time zone"),
    gettext_lazy("the text with its variables filled in, the template ID and the signature"),
    gettext_lazy("the full answer of the send call, and the status report if there is one"),
)
"""What the vendor's support asks for whatever the cause is: for a case that is at a question.

It is what the vendor's FAQ pages have in common (`docs/facts/troubleshooting.md`, "What support
asks for"). An outcome has a list of its own.
"""


def found(finding: Finding) -> str:
    """A finding in words: Status report: has come."""
    said = evidence.value(finding)
    shown = moment(said) if isinstance(said, datetime) else one_line(said)
    return labelled(str(evidence.FACTS[finding.fact]), shown)


def known(standing: Standing) -> list[str]:
    """All that is known, each with its source, its time and its age."""
    findings = with_clock(standing.evidence, standing.now).values()
    return [
        _("%(finding)s (%(origin)s)")
        % {"finding": found(one), "origin": _origin(one, standing.now)}
        for one in findings
    ]


def _origin(finding: Finding, now: datetime) -> str:
    source, at = _source(finding), finding.observed_at
    if at is None:
        return source
    age = evidence.ago(max((now - at).total_seconds(), 0) / 3600)
    return _(", ").join([source, moment(at), age])


def _source(finding: Finding) -> str:
    # `wording.evidence.SOURCES` speaks to whoever pasted it.
    if finding.source == PASTED:
        return _("what was pasted")
    return one_line(str(evidence.SOURCES.get(finding.source, finding.source)))


def not_read(standing: Standing) -> list[str]:
    """The look-ups that failed, each with the reason, and those that are still running."""
    lines = [
        labelled(CALLS[name], failure(entry["reason"], entry.get("seconds")))
        for name, entry in standing.case.lookups.items()
        if entry["state"] == "failed"
    ]
    running = [labelled(CALLS[name], _("still being read")) for name in standing.running]
    return lines + running


def tried_before(standing: Standing) -> list[str]:
    """The remediation steps that somebody has done already."""
    steps = map(standing.snapshot.step_named, standing.case.tried)
    return [as_line(step.text) for step in steps if step is not None]


def to_attach(standing: Standing) -> tuple[str, ...]:
    """What the vendor's support asks for: the outcome's list, or `ATTACH` where there is none."""
    outcome = standing.walk.outcome
    return (outcome.attach if outcome is not None else ()) or tuple(map(str, ATTACH))


def page_of(standing: Standing) -> WalkPage:
    """The page that shows the walk: what it reckons (such as when to come back) counts here too."""
    return walk_page(standing.snapshot, standing.walk, base="", home="", now=standing.now)


def code_words(page: WalkPage) -> str:
    """The code on the way and its meaning; "" where none was given or found."""
    if page.code is None:
        return ""
    return _("%(code)s (%(meaning)s)") % {"code": page.typed_code, "meaning": page.code.meaning}


def how_sure(page: WalkPage, outcome: Outcome) -> str:
    if not page.certainty:
        return ""
    words = {"certainty": page.certainty, "note": outcome.certainty_note}
    return _("%(certainty)s. %(note)s") % words


def joined(findings: Iterable[Finding]) -> str:
    return _("; ").join(map(found, findings))
