"""A case as text, to keep or to send: all of it for colleagues, or what a customer may read.

A text is made of sections that know nothing of Markdown; at its end it is written as plain text or
as Markdown. Whatever stands in a section is put on one line and escaped there, so that no value, by
whomever, can break the form of the text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypedDict

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.cases.looked_up import Standing
from wizard.engine.evidence import Finding, with_clock
from wizard.engine.snapshot import Outcome, Snapshot
from wizard.engine.texts import CONTROLS, NO_CHARACTERS
from wizard.engine.walk import Answered, Passed, Tried
from wizard.models import CaseEvent
from wizard.pasted.fields import SOURCE as PASTED
from wizard.walks.page import FEEDBACK, WalkPage, answer_words, given_words, walk_page
from wizard.wording import evidence
from wizard.wording.markdown import plain_lines

Form = Literal["internal", "customer"]

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


def transcript(
    standing: Standing,
    page: WalkPage,
    events: Sequence[CaseEvent],
    *,
    form: Form,
    markdown: bool,
) -> str:
    """A case in words, as plain text or as Markdown.

    Args:
        page: of its walk; `page_of` makes it where nothing else has.
        events: what happened to the case, the oldest first; the form for customers ignores them.
        form: `internal` has everything there is, notes and names of agents too. `customer` has what
            the customer could see for themselves.
    """
    if form == "customer":
        sections = _for_customer(_customer_view(standing, page))
    else:
        sections = _internal(standing, page, events)
    title = _("Case %(reference)s") % {"reference": standing.case.reference}
    return write(title, sections, markdown=markdown)


# --- writing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text: paragraphs, then a list. It is left out where it has neither.

    Each string becomes one line. An entry of the list has a first line, and more that belong to it.
    """

    heading: str = ""
    paragraphs: Sequence[str] = ()
    entries: Sequence[Sequence[str]] = ()
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    line: Callable[[str], str]
    title: str
    heading: str | Promise
    line_end: str
    gap: str


def write(title: str, sections: Iterable[Section], *, markdown: bool) -> str:
    """A text under a title, as plain text or as Markdown; it ends with a line break."""
    style = _MARKDOWN if markdown else _PLAIN
    blocks = [style.title.format(style.line(title))]
    blocks += [_block(one, style) for one in sections if one.paragraphs or one.entries]
    return "\n\n".join(blocks) + "\n"


def _block(section: Section, style: _Style) -> str:
    heading = [str(style.heading).format(style.line(section.heading))] if section.heading else []
    paragraphs = [style.line(one) for one in section.paragraphs]
    entries = [
        _entry(f"{number}. " if section.numbered else "- ", lines, style)
        for number, lines in enumerate(section.entries, start=1)
    ]
    return style.gap.join([*heading, *paragraphs, *(["\n".join(entries)] if entries else [])])


def _entry(mark: str, lines: Sequence[str], style: _Style) -> str:
    written = [style.line(line) for line in lines]
    between = style.line_end + " " * len(mark)
    return mark + between.join(line for line in written if line)


# Beside control characters those that turn the direction of a text or cannot be seen (but for the
# two joiners, which words and emoji are spelt with).
_UNFIT: Final = re.compile(
    rf"[{CONTROLS}{NO_CHARACTERS}\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb]"
)

# What could begin markup inside a line, and what at its beginning alone. An underscore between
# letters is none, and message IDs have one.
_MARKUP: Final = re.compile(r"[\\`*\[\]<~|#]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w])")
_FIRST: Final = re.compile(r"^([0-9]{1,9}(?=[.)])|)([-+=>.):])")


def one_line(text: str) -> str:
    """A text on one line, without what cannot be seen."""
    return " ".join(_UNFIT.sub(" ", text).split())


def escaped(text: str) -> str:
    """A text on one line of Markdown that reads as it stands, wherever a line may begin."""
    return _FIRST.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", one_line(text)))


_PLAIN: Final = _Style(one_line, title="{}", heading=gettext_lazy("{}:"), line_end="\n", gap="\n")
_MARKDOWN: Final = _Style(escaped, title="# {}", heading="## {}", line_end="\\\n", gap="\n\n")


# --- words ----------------------------------------------------------------------------------------


def as_lines(markdown: str) -> tuple[str, ...]:
    """An author's Markdown as lines of plain text, as on its page, with the links written out."""
    return tuple(filter(None, map(one_line, plain_lines(markdown))))


def as_line(markdown: str) -> str:
    """The same on one line."""
    return " ".join(as_lines(markdown))


def moment(at: datetime) -> str:
    """A time in UTC, as colleagues in other zones compare it: 2026-11-23 12:00 UTC."""
    if at.utcoffset() is None:
        return _("%(time)s (zone not known)") % {"time": at.isoformat(" ", "minutes")}
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'minutes')} UTC"


def day_and_time(at: datetime) -> str:
    """A time for a customer, in the zone of the site: 13:00 UTC on Monday 23 November."""
    local = timezone.localtime(at)
    # The name of a zone is not enough: CST is in China, and in America.
    zone = f"UTC{local.isoformat()[-6:]}" if local.utcoffset() else "UTC"
    clock, day = date_format(local, "H:i"), date_format(local, _("l j F"))
    return _("%(time)s %(zone)s on %(day)s") % {"time": clock, "zone": zone, "day": day}


def found(finding: Finding) -> str:
    """A finding in words: Status report: has come."""
    said = evidence.value(finding)
    shown = moment(said) if isinstance(said, datetime) else one_line(said)
    return _labelled(str(evidence.FACTS[finding.fact]), shown)


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
    # `wording.SOURCES` speaks to whoever pasted it.
    if finding.source == PASTED:
        return _("what was pasted")
    return one_line(str(evidence.SOURCES.get(finding.source, finding.source)))


def not_read(standing: Standing) -> list[str]:
    """The look-ups that failed, each with the reason, and those that are still running."""
    lines = [
        _labelled(evidence.CALLS[name], evidence.failure(entry["reason"], entry.get("seconds")))
        for name, entry in standing.case.lookups.items()
        if entry["state"] == "failed"
    ]
    running = [_labelled(evidence.CALLS[name], _("still being read")) for name in standing.running]
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


def _code(page: WalkPage) -> str:
    """The code on the way and its meaning; "" where none was given or found."""
    if page.code is None:
        return ""
    return _("%(code)s (%(meaning)s)") % {"code": page.typed_code, "meaning": page.code.meaning}


def _sure(page: WalkPage, outcome: Outcome) -> str:
    if not page.certainty:
        return ""
    words = {"certainty": page.certainty, "note": outcome.certainty_note}
    return _("%(certainty)s. %(note)s") % words


def _labelled(label: str | Promise, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def _fields(*rows: tuple[str, str]) -> list[tuple[str]]:
    """A list of labelled values; what has no value is left out."""
    return [(_labelled(label, value),) for label, value in rows if value]


# --- for customers --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _CustomerView:
    """All that the form for customers is made of: what is not named here cannot get into it.

    `come_back_at` is "" where no time is known; `question` is what is asked now, "" at an outcome.
    """

    reference: str
    message_id: str
    recipient: str
    guide: str
    question: str
    answers: tuple[tuple[str, str], ...]
    title: str = ""
    code: str = ""
    happened: str = ""
    sure: str = ""
    next_actor: str = ""
    steps: tuple[tuple[str, str, str, str, str], ...] = ()  # who, what, see, time, link
    no_steps: str = ""
    come_back_at: str = ""
    come_back: str = ""
    still_failing: str = ""


class _SharedView(TypedDict):
    """What customers are told wherever the case stands."""

    reference: str
    message_id: str
    recipient: str
    guide: str
    question: str
    answers: tuple[tuple[str, str], ...]


def _customer_view(standing: Standing, page: WalkPage) -> _CustomerView:
    case = standing.case
    shared: _SharedView = {
        "reference": case.reference,
        "message_id": case.message_id,
        "recipient": case.recipient_masked,
        "guide": standing.snapshot.title,
        "question": page.question.text if page.question is not None else "",
        "answers": tuple((row.question, row.answer) for row in page.rows),
    }
    outcome = page.outcome
    if outcome is None:
        return _CustomerView(**shared)
    return _CustomerView(
        **shared,
        title=outcome.title,
        code=_code(page),
        happened=outcome.happened,
        sure=_sure(page, outcome),
        next_actor=page.next_actor,
        steps=tuple(
            (row.tag, row.step.text, row.step.see, row.step.time, row.step.link)
            for row in page.steps
        ),
        no_steps=outcome.no_steps,
        come_back_at=day_and_time(page.come_back_at) if page.come_back_at else "",
        come_back=outcome.come_back,
        still_failing=outcome.still_failing,
    )


def _for_customer(view: _CustomerView) -> Iterator[Section]:
    yield Section(
        entries=_fields(
            (_("About"), view.guide),
            (evidence.part("message_id"), view.message_id),
            (evidence.part("recipient"), view.recipient),
        )
    )
    happened = [*_present(view.title), *as_lines(view.happened)]
    yield Section(_("What happened"), happened, _fields((evidence.part("code"), view.code)))
    yield Section(evidence.part("certainty"), _present(view.sure))
    yield _to_do(view)
    back = _labelled(_("Not before"), view.come_back_at) if view.come_back_at else ""
    yield Section(_("When to come back"), _present(back, view.come_back))
    yield Section(_("If it still fails"), as_lines(view.still_failing))
    yield Section(_("What we need to know next"), _present(view.question))
    yield Section(_("What you told us"), entries=[(f"{ask} {said}",) for ask, said in view.answers])


def _to_do(view: _CustomerView) -> Section:
    acts = _labelled(evidence.part("next_actor"), view.next_actor) if view.next_actor else ""
    if not view.steps:
        return Section(evidence.part("to_do"), _present(acts, view.no_steps))
    steps = [
        (
            _labelled(who, as_line(text)) if who else as_line(text),
            _labelled(_("You should see"), see) if see else "",
            _labelled(_("It takes"), time) if time else "",
            # A path on this site leads nowhere from a mail.
            link if link.startswith("https://") else "",
        )
        for who, text, see, time, link in view.steps
    ]
    return Section(evidence.part("to_do"), _present(acts), steps, numbered=True)


def _present(*texts: str) -> list[str]:
    return [text for text in texts if text]


# --- for colleagues -------------------------------------------------------------------------------


def _internal(standing: Standing, page: WalkPage, events: Sequence[CaseEvent]) -> Iterator[Section]:
    aside = _set_aside(standing)
    yield _head(standing)
    yield _where_it_stands(standing, page, aside)
    yield Section(_("The way there"), entries=_way(standing, events, aside), numbered=True)
    yield Section(evidence.part("known"), entries=[(one,) for one in known(standing)])
    yield Section(_("What could not be read"), entries=[(one,) for one in not_read(standing)])
    yield Section(evidence.part("tried"), entries=[(one,) for one in tried_before(standing)])
    yield Section(_("What happened in this case"), entries=[_told(standing, one) for one in events])
    yield Section(evidence.part("attach"), entries=[(one,) for one in to_attach(standing)])


def _head(standing: Standing) -> Section:
    case, snapshot = standing.case, standing.snapshot
    version = {"number": case.publication.number, "digest": snapshot.digest[:12]}
    return Section(
        entries=_fields(
            (_("State"), case.get_state_display()),
            (_("Agent"), case.agent.get_username() if case.agent is not None else ""),
            (_("Queue"), str(case.queue) if case.queue is not None else ""),
            (_("Guide"), snapshot.title),
            (_("Publication"), _("%(number)d (%(digest)s)") % version),
            (evidence.part("message_id"), case.message_id),
            (evidence.part("recipient"), case.recipient_masked),
            (_("Sample"), case.sample),
            (_("Opened"), moment(case.opened_at)),
            (_("Changed"), moment(case.changed_at)),
            (_("As of"), moment(standing.now)),
        )
    )


def _where_it_stands(standing: Standing, page: WalkPage, aside: Mapping[str, str]) -> Section:
    heading, question = _("Where it stands"), standing.walk.question
    if question is not None:
        asked = _labelled(_("Asked now"), question.text)
        return Section(heading, _present(asked, aside.get(question.key, "")))
    if page.outcome is None:
        return Section(heading, [str(evidence.GOES_NO_FURTHER)])
    came_of_it = str(FEEDBACK[page.feedback]) if page.feedback in FEEDBACK else ""
    return Section(
        heading,
        entries=_fields(
            (_("Outcome"), page.outcome.title),
            (evidence.part("certainty"), _sure(page, page.outcome)),
            (evidence.part("code"), _code(page)),
            (evidence.part("next_actor"), page.next_actor),
            (_("Come back"), moment(page.come_back_at) if page.come_back_at else ""),
            (_("What came of it"), came_of_it),
        ),
    )


def _way(
    standing: Standing, events: Sequence[CaseEvent], aside: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """The way step by step: what was answered, by whom or by what, and what was set aside."""
    given = {event.key: event for event in events if event.kind in _ANSWERING}
    steps = [
        (_said(step), _by_whom(step, given), aside.get(step.key, ""))
        for step in standing.walk.trail
    ]
    return [*_jump(standing), *steps]


def _jump(standing: Standing) -> list[tuple[str]]:
    start = standing.snapshot.title_of(standing.case.start)
    return [(_("An agent jumped here: %(question)s") % {"question": start},)] if start else []


_ANSWERING: Final = (CaseEvent.Kind.ANSWERED, CaseEvent.Kind.FEEDBACK)


def _said(step: Passed) -> str:
    if isinstance(step, Tried):
        return _labelled(step.title, answer_words(step))
    return f"{step.title} {answer_words(step)}"


def _by_whom(step: Passed, given: Mapping[str, CaseEvent]) -> str:
    if isinstance(step, Answered) and not step.by_person:
        origin = str(evidence.SHOWN_ORIGINS[evidence.shown_origin(step)])
        return _labelled(origin, _joined(step.because))
    event = given.get(step.key)
    if event is None:
        return _("answered")
    words = {"who": _who(event), "time": moment(event.at)}
    return _("answered by %(who)s, %(time)s") % words


def _joined(findings: Iterable[Finding]) -> str:
    return _("; ").join(map(found, findings))


def _set_aside(standing: Standing) -> dict[str, str]:
    """What evidence would answer where a person's word counts instead, by the question's key.

    It is found by walking without that word.
    """
    aside: dict[str, str] = {}
    for key in standing.case.answers:
        for step in standing.without(key).answered:
            if step.key == key and not step.by_person:
                words = {"answer": answer_words(step), "why": _joined(step.because)}
                aside[key] = _("set aside: %(answer)s (%(why)s)") % words
    return aside


# --- the timeline ---------------------------------------------------------------------------------


def _told(standing: Standing, event: CaseEvent) -> tuple[str, ...]:
    """One event: when, who and what; then its text, line by line."""
    what = evidence.did(event.kind, event.key) % _words(standing.snapshot, event)
    words = {"time": moment(event.at), "who": _who(event), "what": what}
    return (_("%(time)s, %(who)s: %(what)s") % words, *event.text.splitlines())


def _words(snapshot: Snapshot, event: CaseEvent) -> dict[str, str]:
    key, value = event.key, event.value
    step = snapshot.step_named(value)
    return {
        "node": snapshot.title_of(key) or key,
        "value": given_words(snapshot, key, value),
        "step": as_line(step.text) if step is not None else value,
        "call": evidence.call(key),
        "result": evidence.result(value),
    }


def _who(event: CaseEvent) -> str:
    if event.by:
        return _("agent %(name)s") % {"name": event.by}
    return _("the site") if event.kind == CaseEvent.Kind.LOOKED_UP else str(evidence.THE_CUSTOMER)
