"""The desk's page of one case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import segno
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from wizard.cases.page import CaseAddresses, CasePage, case_page
from wizard.cases.standing import Standing
from wizard.desk import presence, work
from wizard.desk.links import current_link
from wizard.desk.presence import watch_token
from wizard.models import Case, CaseEvent, CaseLink, Delivery, Queue, StatusReport
from wizard.transcripts import card as transcripts_card
from wizard.transcripts import reply as transcripts_reply
from wizard.transcripts import transcript
from wizard.wording import evidence
from wizard.wording.cases import DID_IT_HELP
from wizard.wording.guide import answer_words, given_words
from wizard.wording.lookups import call, result
from wizard.wording.pasted import KINDS


@dataclass(frozen=True, slots=True)
class PathRow:
    """One step of the way. `origin` in words; `undo` is the verb that opens it again."""

    key: str
    question: str
    answer: str
    origin: str
    undo: str


@dataclass(frozen=True, slots=True)
class StepTick:
    """A remediation step and whether it was tried before."""

    value: str
    text: str
    see: str
    who: str
    time: str
    tried: bool


@dataclass(frozen=True, slots=True)
class Remedy:
    """An outcome that comes next if the one before it does not help."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline."""

    at: datetime
    what: str
    subject: str
    value: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """The link that a customer was given, with its picture for a phone's camera."""

    url: str
    qr: SafeString
    expires_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class DeskCasePage:
    """The screen of one case. `case` is the page that the customer sees as well."""

    case: CasePage
    state: str
    is_open: bool
    agent: str
    is_mine: bool
    queue: str
    message_id: str
    recipient: str
    guide: str
    publication: int
    others: tuple[str, ...]
    watch_url: str
    seen: str
    script: str
    agent_note: str
    path: tuple[PathRow, ...]
    can_go_back: bool
    ticks: tuple[StepTick, ...]
    remedies: tuple[Remedy, ...]
    reply: str
    reports: tuple[StatusReport, ...]
    timeline: tuple[Happened, ...]
    deliveries: tuple[Delivery, ...]
    jumps: tuple[tuple[str, str], ...]
    jumped: bool
    share: Share | None
    summary: str
    customer_summary: str
    card: str
    agents: tuple[tuple[int, str], ...]
    queues: tuple[Queue, ...]


def desk_case_page(
    standing: Standing,
    agent: User,
    *,
    site: str,
    agents: Sequence[tuple[int, str]],
    error: str = "",
    typed: str = "",
    typed_url: str = "",
    near: tuple[str, ...] = (),
) -> DeskCasePage:
    """The screen of a case for one agent.

    Args:
        site: `https://host` of this site, for the link that a customer gets.
        agents: keys and names of those who can take over.
    """
    case, now = standing.case, standing.now
    page = case_page(
        standing, desk_door(case), error=error, typed=typed, typed_url=typed_url, near=near
    )
    events = list(case.events.all())
    here = presence.others(case, agent, now)
    link = current_link(case, now)
    shared = _share(link, site) if link else None
    text_of = partial(transcript.transcript, standing, page.walk, events, markdown=False)
    return DeskCasePage(
        case=page,
        state=case.get_state_display(),
        is_open=case.state == Case.State.OPEN,
        agent=case.agent.get_username() if case.agent else "",
        is_mine=case.agent_id == agent.pk,
        queue=case.queue.name if case.queue else "",
        message_id=case.message_id,
        recipient=case.recipient_masked,
        guide=standing.snapshot.title,
        publication=case.publication.number,
        others=tuple(name for _pk, name in here),
        watch_url=reverse("wizard:desk_changes", args=[watch_token(case.pk, agent.pk)]),
        seen=presence.seen(case.version, [pk for pk, _name in here]),
        script=_script(standing),
        agent_note=_agent_note(standing),
        path=tuple(_path(standing)),
        can_go_back=bool(work.last_given(standing) or case.start or page.walk.rows),
        ticks=tuple(_ticks(page, case)),
        remedies=tuple(_remedies(standing)),
        reply=transcripts_reply.reply(standing, page.walk, link=shared.url if shared else ""),
        reports=tuple(StatusReport.objects.of_message(case.message_id)[:20])
        if case.message_id
        else (),
        timeline=tuple(_timeline(standing, events)),
        deliveries=tuple(_deliveries(case, events)),
        jumps=tuple((one.key, one.text) for one in standing.snapshot.questions.values()),
        jumped=bool(case.start),
        share=shared,
        summary=text_of(form="internal"),
        customer_summary=text_of(form="customer"),
        card=transcripts_card.card(standing, page.walk, events).text,
        agents=tuple(one for one in agents if one[0] != agent.pk),
        queues=tuple(Queue.objects.all()),
    )


@dataclass(frozen=True, slots=True)
class PreviewedCase:
    """What an author sees of the screen of a case: the parts that the guide decides."""

    case: CasePage
    guide: str
    script: str
    agent_note: str
    path: tuple[PathRow, ...]
    ticks: tuple[StepTick, ...]
    remedies: tuple[Remedy, ...]
    reply: str


def previewed(standing: Standing, page: CasePage) -> PreviewedCase:
    """The screen of a case that is not stored, over the page that its customer would see."""
    return PreviewedCase(
        case=page,
        guide=standing.snapshot.title,
        script=_script(standing),
        agent_note=_agent_note(standing),
        path=tuple(_path(standing)),
        ticks=tuple(_ticks(page, standing.case)),
        remedies=tuple(_remedies(standing)),
        reply=transcripts_reply.reply(standing, page.walk),
    )


def desk_door(case: Case) -> CaseAddresses:
    """The door of an agent. What others do is watched by the screen as a whole."""
    return CaseAddresses(
        url=reverse("wizard:desk_case", args=[case.reference]),
        answers=reverse("wizard:desk_answers", args=[case.reference]),
        lookups=reverse("wizard:desk_case", args=[case.reference]),
    )


def _script(standing: Standing) -> str:
    """What the agent says."""
    walk = standing.walk
    if walk.question is not None:
        return walk.question.text
    return str(DID_IT_HELP) if walk.waits else ""


def _agent_note(standing: Standing) -> str:
    node = standing.walk.node
    return node.agent_note if node is not None else ""


def _path(standing: Standing) -> Iterable[PathRow]:
    for step in standing.walk.trail:
        words = str(evidence.SHOWN_ORIGINS[evidence.shown_origin(step)])
        undo = "withdraw" if step.by_person else "overrule"
        yield PathRow(step.key, step.title, answer_words(step), words, undo)


def _remedies(standing: Standing) -> Iterable[Remedy]:
    for key in work.remedies_ahead(standing):
        yield Remedy(key, standing.snapshot.title_of(key))


def _ticks(page: CasePage, case: Case) -> Iterable[StepTick]:
    names = page.walk.outcome.named_steps if page.walk.outcome is not None else ()
    for name, row in zip(names, page.walk.steps, strict=True):
        step = row.step
        yield StepTick(name, step.text, step.see, row.tag, step.time, name in case.tried)


def _timeline(standing: Standing, events: Iterable[CaseEvent]) -> Iterable[Happened]:
    """The newest first."""
    for event in sorted(events, key=lambda one: -one.pk):
        subject, value = _words(standing, event)
        yield Happened(event.at, event.get_kind_display(), subject, value, event.by, event.text)


def _deliveries(case: Case, events: Iterable[CaseEvent]) -> Iterable[Delivery]:
    """What hand-overs have sent; no query for a case that nobody has handed over."""
    if any(event.kind == CaseEvent.Kind.HANDED_OVER for event in events):
        yield from case.deliveries.all()


def _words(standing: Standing, event: CaseEvent) -> tuple[str, str]:
    """What an event is about, and what was said of it."""
    if event.kind == CaseEvent.Kind.OPENED:
        return "", str(KINDS.get(event.value, ""))
    if event.kind == CaseEvent.Kind.LOOKED_UP:
        return call(event.key), result(event.value)
    snapshot = standing.snapshot
    subject = snapshot.title_of(event.key) or event.key
    return subject, given_words(snapshot, event.key, event.value)


def _share(link: CaseLink, site: str) -> Share:
    url = site + reverse("wizard:case", args=[link.token])
    # Drawn from the address alone, by a library: there is nothing in it that somebody wrote.
    picture = mark_safe(segno.make(url, micro=False).svg_inline(scale=4, border=2))  # noqa: S308
    return Share(url, picture, link.expires_at, link.made_by)
