"""The transcript for colleagues: everything, with where it comes from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from wizard.cases.standing import Standing
from wizard.engine.walk import Answered, Passed, Tried
from wizard.models import CaseEvent
from wizard.transcripts.facts import (
    code_words,
    how_sure,
    joined,
    known,
    not_read,
    to_attach,
    tried_before,
)
from wizard.transcripts.timeline import told, who
from wizard.transcripts.writing import TextSection, as_fields, labelled, moment, present
from wizard.walks.page import WalkPage
from wizard.wording import evidence
from wizard.wording.cases import GOES_NO_FURTHER, part
from wizard.wording.guide import FEEDBACK, answer_words


def for_colleagues(
    standing: Standing, page: WalkPage, events: Sequence[CaseEvent]
) -> Iterator[TextSection]:
    aside = _set_aside(standing)
    yield _head(standing)
    yield _where_it_stands(standing, page, aside)
    yield TextSection(_("The way there"), entries=_way(standing, events, aside), numbered=True)
    yield TextSection(part("known"), entries=[(one,) for one in known(standing)])
    yield TextSection(_("What could not be read"), entries=[(one,) for one in not_read(standing)])
    yield TextSection(part("tried"), entries=[(one,) for one in tried_before(standing)])
    yield TextSection(
        _("What happened in this case"), entries=[told(standing, one) for one in events]
    )
    yield TextSection(part("attach"), entries=[(one,) for one in to_attach(standing)])


def _head(standing: Standing) -> TextSection:
    case, snapshot = standing.case, standing.snapshot
    version = {"number": case.publication.number, "digest": snapshot.digest[:12]}
    return TextSection(
        entries=as_fields(
            (_("State"), case.get_state_display()),
            (_("Agent"), case.agent.get_username() if case.agent is not None else ""),
            (_("Queue"), str(case.queue) if case.queue is not None else ""),
            (_("Guide"), snapshot.title),
            (_("Publication"), _("%(number)d (%(digest)s)") % version),
            (part("message_id"), case.message_id),
            (part("recipient"), case.recipient_masked),
            (_("Sample"), case.sample),
            (_("Opened"), moment(case.opened_at)),
            (_("Changed"), moment(case.changed_at)),
            (_("As of"), moment(standing.now)),
        )
    )


def _where_it_stands(standing: Standing, page: WalkPage, aside: Mapping[str, str]) -> TextSection:
    heading, question = _("Where it stands"), standing.walk.question
    if question is not None:
        asked = labelled(_("Asked now"), question.text)
        return TextSection(heading, present(asked, aside.get(question.key, "")))
    if page.outcome is None:
        return TextSection(heading, [str(GOES_NO_FURTHER)])
    came_of_it = str(FEEDBACK[page.feedback]) if page.feedback in FEEDBACK else ""
    return TextSection(
        heading,
        entries=as_fields(
            (_("Outcome"), page.outcome.title),
            (part("certainty"), how_sure(page, page.outcome)),
            (part("code"), code_words(page)),
            (part("next_actor"), page.next_actor),
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
        return labelled(step.title, answer_words(step))
    return f"{step.title} {answer_words(step)}"


def _by_whom(step: Passed, given: Mapping[str, CaseEvent]) -> str:
    if isinstance(step, Answered) and not step.by_person:
        origin = str(evidence.SHOWN_ORIGINS[evidence.shown_origin(step)])
        return labelled(origin, joined(step.because))
    event = given.get(step.key)
    if event is None:
        return _("answered")
    words = {"who": who(event), "time": moment(event.at)}
    return _("answered by %(who)s, %(time)s") % words


def _set_aside(standing: Standing) -> dict[str, str]:
    """What evidence would answer where a person's word counts instead, by the question's key.

    It is found by walking without that word.
    """
    aside: dict[str, str] = {}
    for key in standing.case.answers:
        for step in standing.without(key).answered:
            if step.key == key and not step.by_person:
                words = {"answer": answer_words(step), "why": joined(step.because)}
                aside[key] = _("set aside: %(answer)s (%(why)s)") % words
    return aside
