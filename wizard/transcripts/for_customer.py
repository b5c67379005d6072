"""The transcript that a customer may read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from django.utils.translation import gettext as _

from wizard.cases.standing import Standing
from wizard.transcripts.facts import code_words, how_sure
from wizard.transcripts.writing import (
    TextSection,
    as_fields,
    as_line,
    as_lines,
    day_and_time,
    labelled,
    present,
)
from wizard.walks.page import WalkPage
from wizard.wording.cases import part


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


def customer_view(standing: Standing, page: WalkPage) -> _CustomerView:
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
        code=code_words(page),
        happened=outcome.happened,
        sure=how_sure(page, outcome),
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


def for_customer(view: _CustomerView) -> Iterator[TextSection]:
    yield TextSection(
        entries=as_fields(
            (_("About"), view.guide),
            (part("message_id"), view.message_id),
            (part("recipient"), view.recipient),
        )
    )
    happened = [*present(view.title), *as_lines(view.happened)]
    yield TextSection(_("What happened"), happened, as_fields((part("code"), view.code)))
    yield TextSection(part("certainty"), present(view.sure))
    yield _to_do(view)
    back = labelled(_("Not before"), view.come_back_at) if view.come_back_at else ""
    yield TextSection(_("When to come back"), present(back, view.come_back))
    yield TextSection(_("If it still fails"), as_lines(view.still_failing))
    yield TextSection(_("What we need to know next"), present(view.question))
    yield TextSection(
        _("What you told us"), entries=[(f"{ask} {said}",) for ask, said in view.answers]
    )


def _to_do(view: _CustomerView) -> TextSection:
    acts = labelled(part("next_actor"), view.next_actor) if view.next_actor else ""
    if not view.steps:
        return TextSection(part("to_do"), present(acts, view.no_steps))
    steps = [
        (
            labelled(who, as_line(text)) if who else as_line(text),
            labelled(_("You should see"), see) if see else "",
            labelled(_("It takes"), time) if time else "",
            # A path on this site leads nowhere from a mail.
            link if link.startswith("https://") else "",
        )
        for who, text, see, time, link in view.steps
    ]
    return TextSection(part("to_do"), present(acts), steps, numbered=True)
