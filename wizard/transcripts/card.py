"""The hand-over card: what the next agent has to know, so that nobody asks the same again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.cases.standing import Standing
from wizard.engine.evidence import with_clock
from wizard.engine.snapshot import Outcome, Step
from wizard.models import CaseEvent
from wizard.transcripts.facts import found, known, not_read, to_attach, tried_before
from wizard.transcripts.writing import TextSection, as_line, moment, one_line, write
from wizard.walks.page import WalkPage
from wizard.wording import evidence
from wizard.wording.cases import DID_IT_HELP, GOES_NO_FURTHER, THE_CUSTOMER, part
from wizard.wording.guide import answer_words

FORMAT: Final = 1
"""Of the payload. It grows by new fields; a change of one that is there gets another number."""


@dataclass(frozen=True, slots=True)
class Card:
    """A case in brief, in plain text and without personal data but what agents wrote in notes.

    Each text is one line, but for notes, which keep their lines.
    """

    reference: str
    title: str
    paragraph: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    next_question: str
    attach: tuple[str, ...]
    tried: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The card as plain text, for a mail or to copy."""
        sections = [
            TextSection(paragraphs=[self.paragraph]),
            _listed(part("known"), self.known),
            _listed(_("What is not known"), self.unknown),
            TextSection(_("Next question"), [self.next_question] if self.next_question else []),
            _listed(part("tried"), self.tried),
            TextSection(_("Notes"), entries=[note.splitlines() for note in self.notes]),
            _listed(part("attach"), self.attach),
        ]
        return write(f"{self.reference}: {self.title}", sections, markdown=False)

    def payload(self) -> dict[str, Any]:
        """The card as JSON, for a ticket system. Texts are in the language of who hands over.

        Fields:
            format: `FORMAT`, a number.
            reference: the short name of the case, such as SMS-7F3K2Q.
            title: the outcome's title; at a question, the guide's.
            paragraph: what it is about, since when, what was found, where it stands and what was
                tried, in sentences.
            known: list of findings, each with value, source, time (UTC) and age, then list of what
                was answered.
            unknown: list of facts that could still decide something and are not known, then of
                look-ups that failed, each with the reason.
            next_question: what to ask next, or the step to do next; "" if it is solved, or has
                failed and no step is left.
            attach: list of what the vendor's support asks for.
            tried: list of remediation steps and remedies that were tried before.
            notes: list of notes in full, each with time (UTC) and author, the oldest first. Lines
                are separated by a line feed.
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
        return {"format": FORMAT, **values, **lists}


def _listed(heading: str, lines: Sequence[str]) -> TextSection:
    return TextSection(heading, entries=[(line,) for line in lines])


def card(standing: Standing, page: WalkPage, events: Sequence[CaseEvent]) -> Card:
    """The card of a case as it stands.

    Args:
        page: of its walk; `page_of` makes it where nothing else has.
        events: what happened to the case, the oldest first: the notes are among it.
    """
    outcome = standing.walk.outcome
    tried = _tried(standing)
    return Card(
        reference=standing.case.reference,
        title=one_line(outcome.title if outcome is not None else standing.snapshot.title),
        paragraph=_run_on(_sentences(standing, page, tried)),
        known=(*known(standing), *_answers(page)),
        unknown=tuple(_unknown(standing)),
        next_question=_next_question(standing),
        attach=tuple(map(one_line, to_attach(standing))),
        tried=tried,
        notes=tuple(_notes(events)),
    )


def _answers(page: WalkPage) -> tuple[str, ...]:
    return tuple(one_line(f"{row.question} {row.answer}") for row in page.rows)


def _unknown(standing: Standing) -> Iterator[str]:
    """The facts that could still answer a question from here, and why look-ups said nothing."""
    ahead = standing.snapshot.facts_from(standing.place)
    found_already = with_clock(standing.evidence, standing.now).keys()
    for fact in evidence.FACTS:
        if fact in ahead - found_already:
            yield str(evidence.FACTS[fact])
    yield from not_read(standing)


def _tried(standing: Standing) -> tuple[str, ...]:
    """The steps done before, then the remedies on the way with what came of them."""
    remedies = (
        _("%(title)s: %(feedback)s")
        % {"title": one_line(step.title), "feedback": answer_words(step)}
        for step in standing.walk.tried
    )
    return (*tried_before(standing), *remedies)


_FOR_CUSTOMERS: Final = frozenset({"recipient", "developer", "admin"})


def _next_question(standing: Standing) -> str:
    """What to ask next, or to do: first what the customer can, at the end what support can."""
    walk = standing.walk
    if walk.question is not None:
        return one_line(walk.question.text)
    if walk.outcome is None or walk.solved:
        return ""
    left = _left(standing, walk.outcome, by_customer=walk.waits)
    if left:
        return as_line(left[0].text)
    return str(DID_IT_HELP) if walk.waits else ""


def _left(standing: Standing, outcome: Outcome, *, by_customer: bool) -> list[Step]:
    """The steps of an outcome that nobody has done yet: those of customers, or of all others."""
    return [
        step
        for name, step in outcome.named_steps.items()
        if (step.audience in _FOR_CUSTOMERS) == by_customer and name not in standing.case.tried
    ]


_WITH_WORDS: Final = (CaseEvent.Kind.NOTED, CaseEvent.Kind.HANDED_OVER)


def _notes(events: Sequence[CaseEvent]) -> Iterator[str]:
    """Notes, and what agents wrote when they handed over."""
    for event in events:
        if event.kind in _WITH_WORDS and event.text.strip():
            lines = filter(None, map(one_line, event.text.splitlines()))
            by = one_line(event.by) or str(THE_CUSTOMER)
            head = _("%(time)s, %(who)s:") % {"time": moment(event.at), "who": by}
            yield "\n".join([head, *lines])


# --- the paragraph --------------------------------------------------------------------------------


def _sentences(standing: Standing, page: WalkPage, tried: Sequence[str]) -> Iterator[str]:
    yield _about(standing)
    yield _since(standing)
    yield _found(standing)
    yield from _stands(standing, page)
    if tried:
        yield _("Tried before: %(what)s.") % {"what": _joined(tried)}
    else:
        yield _("Nothing has been tried yet, as far as we know.")


def _about(standing: Standing) -> str:
    case = standing.case
    words = {"message": one_line(case.message_id), "recipient": one_line(case.recipient_masked)}
    if words["message"] and words["recipient"]:
        return _("It is about message %(message)s to %(recipient)s.") % words
    if words["message"]:
        return _("It is about message %(message)s; the recipient is not known.") % words
    if words["recipient"]:
        return _("It is about an SMS to %(recipient)s; the message ID is not known.") % words
    return _("Neither message ID nor recipient is known.")


def _since(standing: Standing) -> str:
    words = {"opened": moment(standing.case.opened_at)}
    accepted = standing.evidence.get("message.accepted_at")
    if accepted is None or not isinstance(accepted.value, datetime):
        return _("The case was opened at %(opened)s.") % words
    words["accepted"] = moment(accepted.value)
    return _("The platform accepted it at %(accepted)s; the case was opened at %(opened)s.") % words


def _found(standing: Standing) -> str:
    """What decided something on the way; the rest stands in the list of what is known."""
    decided = {finding.fact: finding for step in standing.walk.answered for finding in step.because}
    if not standing.evidence:
        return _("Nothing is known from the record.")
    if not decided:
        return _("Nothing that is known from the record has answered a question.")
    return _("Found: %(what)s.") % {"what": _joined([found(one) for one in decided.values()])}


def _stands(standing: Standing, page: WalkPage) -> Iterator[str]:
    walk = standing.walk
    if walk.question is not None:
        words = {"question": one_line(walk.question.text)}
        yield _("It waits at the question “%(question)s”.") % words
    elif page.outcome is None:
        yield str(GOES_NO_FURTHER)
    else:
        yield _outcome_reached(page, page.outcome)
    if walk.feedback is not None:
        yield str(_CAME_OF_IT[walk.feedback])


_CAME_OF_IT: Final[Mapping[str, Promise]] = {
    "yes": gettext_lazy("It is solved."),
    "no": gettext_lazy("It still fails."),
    "cannot": gettext_lazy("A step could not be done."),
}


def _outcome_reached(page: WalkPage, outcome: Outcome) -> str:
    words = {
        "title": one_line(outcome.title),
        "certainty": page.certainty,
        "code": page.typed_code,
    }
    if page.code is None:
        return _("The outcome is “%(title)s” (%(certainty)s).") % words
    return _("The outcome is “%(title)s” (%(certainty)s), by the code %(code)s.") % words


def _run_on(sentences: Iterable[str]) -> str:
    """Sentences one after the other; behind a Chinese full stop there is no space."""
    return " ".join(sentences).replace("。 ", "。")


def _joined(lines: Sequence[str]) -> str:
    return _("; ").join(line.rstrip(".。") for line in lines)
