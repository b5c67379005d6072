"""What a page of the walk shows: a walk in the words and addresses of its reader.

Every page has a frozen dataclass; templates use its fields and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from wizard.engine.languages import untranslated
from wizard.engine.lists import NAMESPACES
from wizard.engine.snapshot import Code, Outcome, Question, Snapshot, Step
from wizard.engine.walk import ASK, Passed, Tried, Walk
from wizard.walks.readers import reader_of
from wizard.web.addresses import CHANGE, TEXT, Entry, with_answers
from wizard.wording.guide import (
    ACTORS,
    CERTAINTIES,
    STATIONS,
    TAGS,
    YOU,
    answer_words,
    given_words,
)
from wizard.wording.languages import language_name


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line of "Your answers". `key` is the question's, or the outcome's for feedback."""

    key: str
    question: str
    answer: str
    change_url: str


@dataclass(frozen=True, slots=True)
class Station:
    """One station on the way of a message, and whether it got there."""

    label: str
    state: str  # "passed", "stopped" or "ahead"
    words: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A remediation step with the name of who does it."""

    step: Step
    tag: str


@dataclass(frozen=True, slots=True)
class WalkPage:
    """One page of a walk. `kind` names the fragment that shows it: question, outcome, end, lost.

    `post_url` is where the answers of a case go; "" for a walk whose answers are in its address.
    `clock_ends` says that the time to come back is when the clock will change the outcome. `came`
    says from where somebody came who began in the middle. `kept` are answers to other questions
    than those on the way; `chosen` is the answer that is being changed; `near` are codes that may
    have been meant by what was typed.
    """

    kind: str
    guide_title: str
    heading: str
    start_url: str
    back_url: str
    url: str
    rows: tuple[AnswerRow, ...]
    notices: tuple[str, ...]
    number: int
    version: str
    hidden: Mapping[str, str] = field(default_factory=dict)
    question: Question | None = None
    typed: str = ""
    typed_url: str = ""
    error: str = ""
    outcome: Outcome | None = None
    solved: bool = False
    feedback: str = ""
    code: Code | None = None
    typed_code: str = ""
    steps: tuple[StepRow, ...] = ()
    stations: tuple[Station, ...] = ()
    certainty: str = ""
    next_actor: str = ""
    come_back_at: datetime | None = None
    clock_ends: bool = False
    summary: str = ""
    post_url: str = ""
    came: str = ""
    kept: tuple[AnswerRow, ...] = ()
    chosen: str = ""
    near: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The words of the browser's tab."""
        heading = f"{self.heading} – {self.guide_title}" if self.heading else self.guide_title
        return _("Error: %(heading)s") % {"heading": heading} if self.error else heading

    @property
    def is_code_question(self) -> bool:
        return self.question is not None and self.question.kind == "code"

    @property
    def first_field(self) -> str:
        """The id of the field that an error is about."""
        return "code" if self.is_code_question else "choice-1"


class _Shared(TypedDict):
    """What all pages of a walk have."""

    guide_title: str
    start_url: str
    back_url: str
    url: str
    rows: tuple[AnswerRow, ...]
    notices: tuple[str, ...]
    number: int
    version: str
    post_url: str
    came: str
    kept: tuple[AnswerRow, ...]


def walk_page(
    snapshot: Snapshot,
    walk: Walk,
    *,
    base: str,
    home: str,
    now: datetime,
    overflow: bool = False,
    error: str = "",
    typed: str = "",
    typed_url: str = "",
    post_url: str = "",
    entry: Entry = Entry(),  # noqa: B008 (a frozen value)
    chosen: str = "",
    near: tuple[str, ...] = (),
    addressed: bool = False,
) -> WalkPage:
    """The page of a walk.

    Args:
        base: the address of the walk without answers.
        home: where Back leads from the first question.
        now: aware; a time to come back is reckoned from it.
        error: what is wrong with what was sent from this page, "" if nothing.
        typed: the code that was typed and could not be used; `typed_url` says more about it.
        post_url: where the answers of a case go.
        entry: where the walk began, if not at its guide's start.
        chosen: the answer to this question that is being changed.
        near: codes that may have been meant by what was typed.
        addressed: whether it is the reader who answers, so that their own steps say "you".
    """
    answers = walk.answers
    row = _led_by(snapshot, entry)
    if row is None and entry.came != TEXT:
        entry = replace(entry, came="")
    shared: _Shared = {
        "guide_title": snapshot.title,
        "start_url": base,
        "back_url": _back(walk, base, _came_url(entry, row) or home, entry, chosen),
        "url": _address(base, entry, answers),
        "rows": _rows(walk, base, entry),
        "notices": _notices(snapshot, walk, overflow),
        "number": len(walk.answered) + 1,
        "version": snapshot.digest[:12],
        "post_url": post_url,
        "came": _came(entry, row),
        "kept": _kept(snapshot, walk, base, entry),
    }
    if walk.question is not None:
        return WalkPage(
            kind="question",
            heading=walk.question.text,
            question=walk.question,
            hidden={**entry.pairs, **_without(answers, walk.place)},
            error=error,
            typed=typed or (chosen if walk.question.answer(chosen) is None else ""),
            typed_url=typed_url,
            chosen=chosen,
            near=near,
            **shared,
        )
    if walk.outcome is not None:
        reader = reader_of(snapshot, walk, entry.at) if addressed else ""
        led = (entry.came.strip().upper(), row) if row is not None else None
        return _outcome_page(walk, walk.outcome, entry, now, shared, reader, led)
    return WalkPage(kind="lost", heading=_("The guide does not go on from here"), **shared)


def _outcome_page(
    walk: Walk,
    outcome: Outcome,
    entry: Entry,
    now: datetime,
    shared: _Shared,
    reader: str,
    led: tuple[str, Code] | None,
) -> WalkPage:
    """Of an outcome. `led` is the code that led to where the walk began, with its row."""
    given = next(((one.value, one.code) for one in reversed(walk.answered) if one.code), led)
    ends = walk.answered[-1].until if walk.answered else None
    return WalkPage(
        kind="end" if walk.ended else "outcome",
        heading=_end_heading(walk) if walk.ended else outcome.title,
        outcome=outcome,
        solved=walk.solved,
        feedback=walk.feedback or "",
        code=given[1] if given else None,
        typed_code=given[0] if given else "",
        steps=tuple(StepRow(step, _name(TAGS, step.audience, reader)) for step in outcome.steps),
        stations=_stations(outcome),
        certainty=str(CERTAINTIES.get(outcome.certainty, "")),
        next_actor=_name(ACTORS, outcome.next_actor, reader),
        come_back_at=ends or come_back_at(outcome.come_back_minutes, now),
        clock_ends=ends is not None,
        hidden={**entry.pairs, **_without(walk.answers, outcome.key)},
        summary=_summary(outcome, shared["rows"], given, shared["version"]),
        **shared,
    )


def _name(names: Mapping[str, Promise], audience: str, reader: str) -> str:
    """What somebody is called on this page: "you", if it is who reads it."""
    return str(YOU if audience == reader else names.get(audience, ""))


def _end_heading(walk: Walk) -> str:
    if walk.solved:
        return _("Good, it works again")
    if walk.feedback == "cannot":
        return _("Ask someone who can do this step")
    return _("Let customer service take over")


# --- times ----------------------------------------------------------------------------------------


def come_back_at(minutes: int, now: datetime) -> datetime | None:
    """When to come back, on the next five minutes (the next full hour if it is hours away)."""
    if not minutes:
        return None
    unit = timedelta(minutes=5) if minutes <= 120 else timedelta(hours=1)
    moment = now.astimezone(UTC) + timedelta(minutes=minutes)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + unit * -((midnight - moment) // unit)


def valid_until(page: WalkPage) -> datetime | None:
    """From when on the page would show another time to come back; None if it shows none."""
    if page.come_back_at is None or page.outcome is None:
        return None
    if page.clock_ends:
        return page.come_back_at
    return page.come_back_at - timedelta(minutes=page.outcome.come_back_minutes)


# --- parts ----------------------------------------------------------------------------------------


def _address(base: str, entry: Entry, answers: Mapping[str, str]) -> str:
    return with_answers(base, {**entry.pairs, **answers})


def _back(walk: Walk, base: str, before: str, entry: Entry, chosen: str) -> str:
    """The page before this one: the same answers without the last one that a person gave."""
    given = walk.answers
    if chosen:
        return _address(base, entry, {**given, walk.place: chosen})
    for step in reversed(walk.trail):
        if step.by_person:
            return _address(base, entry, _without(given, step.key))
    return before


def _without(answers: Mapping[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in answers.items() if name != key}


def _rows(walk: Walk, base: str, entry: Entry) -> tuple[AnswerRow, ...]:
    return tuple(
        AnswerRow(step.key, _asked(step), answer_words(step), _change(walk, base, entry, step))
        for step in walk.trail
        if step.by_person
    )


def _change(walk: Walk, base: str, entry: Entry, step: Passed) -> str:
    """Where a step is asked again: a question with its answer, an outcome without what came."""
    if isinstance(step, Tried):
        return _address(base, entry, _without(walk.answers, step.key))
    return _address(base, entry, {**walk.answers, CHANGE: step.key})


def _kept(snapshot: Snapshot, walk: Walk, base: str, entry: Entry) -> tuple[AnswerRow, ...]:
    """The answers that are not on the way, or not yet. The address keeps them, so they are said."""
    return tuple(
        AnswerRow(
            key,
            snapshot.title_of(key),
            given_words(snapshot, key, value),
            _address(base, entry, _without(walk.answers, key)),
        )
        for key, value in walk.kept.items()
        if key in snapshot.questions and value != ASK
    )


# --- where somebody came from ---------------------------------------------------------------------


def _led_by(snapshot: Snapshot, entry: Entry) -> Code | None:
    """The row of the code in an address, which anybody may write, if it leads to the start."""
    rows = (snapshot.catalogue.find(entry.came, name) for name in NAMESPACES if entry.came)
    return next((row for row in rows if row is not None and row.to == entry.at), None)


def _came(entry: Entry, row: Code | None) -> str:
    """That the walk began in the middle, and why; "" for one that began at its start."""
    if not entry.at:
        return ""
    if row is not None:
        return _("You came here from the code %(code)s.") % {"code": entry.came.strip().upper()}
    if entry.came == TEXT:
        return _("You came here from what you pasted.")
    return _("You came here from a search.")


def _came_url(entry: Entry, row: Code | None) -> str:
    """Where somebody was before a walk that began in the middle; "" where that is not known."""
    if row is not None:
        return reverse("wizard:code", args=[entry.came.strip().upper()])
    return with_answers(reverse("wizard:home"), {"q": entry.words}) if entry.words else ""


def _asked(step: Passed) -> str:
    if isinstance(step, Tried):
        return _("Did that fix it? (%(outcome)s)") % {"outcome": step.title}
    return step.title


def _notices(snapshot: Snapshot, walk: Walk, overflow: bool) -> tuple[str, ...]:
    """What of an address does not fit the guide (any more), and what is in another language.

    Nothing typed by others is repeated.
    """
    rejected = walk.rejected
    notices = [
        _("The answers to “%(question)s” have changed since this link was made: choose again.")
        % {"question": snapshot.questions[one.key].text}
        for one in rejected
        if one.key in snapshot.questions
    ]
    others = len(rejected) - len(notices)
    if others or overflow:
        notices.append(
            _(
                "Part of this link does not fit the guide as it is now, so we left it out. "
                "Your other answers are kept."
            )
        )
    if walk.node is not None and untranslated(walk.node):
        notices.append(untranslated_notice(snapshot.language))
    return tuple(notices)


def untranslated_notice(language: str) -> str:
    """What is said where texts are shown in the language that they were written in."""
    return _("Parts of this page are not translated yet. They are shown in %(language)s.") % {
        "language": language_name(language)
    }


def _stations(outcome: Outcome) -> tuple[Station, ...]:
    """The way of the message up to where it stopped; nothing where that is not known."""
    if outcome.stopped_at not in STATIONS:
        return ()
    names = list(STATIONS)
    stop = names.index(outcome.stopped_at)
    words = (_("passed"), _("stopped here"), _("not reached"))
    states = ("passed", "stopped", "ahead")
    places = [0 if place < stop else 1 if place == stop else 2 for place in range(len(names))]
    return tuple(
        Station(str(STATIONS[name]), states[place], words[place])
        for name, place in zip(names, places, strict=True)
    )


def _summary(
    outcome: Outcome,
    rows: tuple[AnswerRow, ...],
    given: tuple[str, Code | None] | None,
    version: str,
) -> str:
    """What a person copies into a mail or a ticket: plain text, nothing that they did not give."""
    lines = [_("Result: %(title)s") % {"title": outcome.title}]
    if given is not None and given[1] is not None:
        words = {"code": given[0], "meaning": given[1].meaning}
        lines.append(_("Code: %(code)s (%(meaning)s)") % words)
    if rows:
        lines += ["", _("Answers:"), *(f"- {one.question} {one.answer}" for one in rows)]
    if outcome.attach:
        lines += ["", _("To send along:"), *(f"- {one}: " for one in outcome.attach)]
    return "\n".join([*lines, "", _("Guide version: %(version)s") % {"version": version}])
