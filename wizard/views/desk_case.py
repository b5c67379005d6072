"""The screen of one case at the desk. Its address has the reference; the log-in lets in."""

from datetime import datetime
from typing import Unpack

from django.contrib.auth import get_user_model
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wizard.cases import looked_up
from wizard.cases.answering import NotAnAnswer
from wizard.cases.forms import Complaint, give
from wizard.cases.lookups import begin
from wizard.cases.standing import Standing
from wizard.desk import flags, handing_over, presence, work
from wizard.desk.access import agents, for_agents, key_of
from wizard.desk.case_page import desk_case_page
from wizard.desk.links import revoke, share
from wizard.models import Case, Queue
from wizard.transcripts import transcript as transcripts_transcript
from wizard.transcripts.facts import page_of
from wizard.views.desk import KEYS_OFF
from wizard.web.rendering import render_for_agent
from wizard.web.requests import UserRequest


@require_safe
@for_agents
def show(request: UserRequest, reference: str) -> HttpResponse:
    """The case as it stands."""
    now = timezone.now()
    standing = _standing(reference, now)
    presence.looks(standing.case, request.user, now)
    return _page(request, standing)


@require_POST
@for_agents
def answers(request: UserRequest, reference: str) -> HttpResponse:
    """Give an answer, overrule evidence, or take either back."""
    now = timezone.now()
    standing = _standing(reference, now)
    problem = give(standing, request.POST, now=now, by=_name(request))
    if problem is not None:
        return _page(request, standing, **problem.told)
    return _go_on(reference, now)


@require_POST
@for_agents
def back(request: UserRequest, reference: str) -> HttpResponse:
    """Undo the last step."""
    now = timezone.now()
    work.back(_token(reference), by=_name(request), now=now)
    return _go_on(reference, now)


@require_POST
@for_agents
def jump(request: UserRequest, reference: str) -> HttpResponse:
    """Ask any question now."""
    now = timezone.now()
    try:
        work.jump(
            _token(reference), key=request.POST.get("question", ""), by=_name(request), now=now
        )
    except NotAnAnswer as error:
        raise Http404 from error
    return _go_on(reference, now)


@require_POST
@for_agents
def tried(request: UserRequest, reference: str) -> HttpResponse:
    """Keep what was tried before."""
    now = timezone.now()
    form = request.POST
    work.mark_tried(
        _token(reference),
        steps=form.getlist("step"),
        outcomes=form.getlist("outcome"),
        by=_name(request),
        now=now,
    )
    return _go_on(reference, now)


@require_POST
@for_agents
def add_note(request: UserRequest, reference: str) -> HttpResponse:
    """Add a note to the timeline."""
    now = timezone.now()
    work.add_note(_token(reference), text=request.POST.get("note", ""), by=_name(request), now=now)
    return _to_case(reference)


@require_POST
@for_agents
def claim(request: UserRequest, reference: str) -> HttpResponse:
    """Take the case on."""
    work.claim(_token(reference), agent=request.user, now=timezone.now())
    return _to_case(reference)


@require_POST
@for_agents
def hand_over(request: UserRequest, reference: str) -> HttpResponse:
    """Give the case to another agent (`to` is `agent-<key>`) or to a queue (`queue-<key>`)."""
    now = timezone.now()
    kind, _dash, key = request.POST.get("to", "").partition("-")
    text = request.POST.get("text", "")
    token = _token(reference)
    if not key_of(key):
        nobody = _("Choose who takes over")
        return _page(request, _standing(reference, now), handing=nobody, words=text)
    if kind == "agent":
        to = get_object_or_404(get_user_model(), pk=key, pk__in=agents())
        handing_over.hand_to_agent(token, to=to, text=text, by=request.user, now=now)
    else:
        url = request.build_absolute_uri(reverse("wizard:desk_case", args=[reference]))
        queue = get_object_or_404(Queue, pk=key)
        handing_over.hand_to_queue(token, to=queue, text=text, by=request.user, url=url, now=now)
    return _to_case(reference)


@require_POST
@for_agents
def link(request: UserRequest, reference: str) -> HttpResponse:
    """Make a link for the customer, or revoke all there are."""
    verb = revoke if "revoke" in request.POST else share
    verb(_token(reference), by=_name(request), now=timezone.now())
    return _to_case(reference)


@require_POST
@for_agents
def flag(request: UserRequest, reference: str) -> HttpResponse:
    """Tell the authors that the current step is wrong."""
    now = timezone.now()
    standing = _standing(reference, now)
    text = request.POST.get("text", "")
    if request.POST.get("at") != standing.place:
        moved = _("The case has moved on. Is it this step that is wrong?")
        return _page(request, standing, flagging=moved, words=text)
    try:
        flags.flag(standing, text=text, by=_name(request), now=now)
    except ValueError:
        return _page(request, standing, flagging=_("Say what is wrong with this step"))
    return _to_case(reference)


@require_safe
@for_agents
def transcript(request: UserRequest, reference: str) -> HttpResponse:
    """The transcript as a file: `form` internal or customer, `as` text or markdown."""
    standing = _standing(reference, timezone.now())
    form: transcripts_transcript.Form = (
        "customer" if request.GET.get("form") == "customer" else "internal"
    )
    markdown = request.GET.get("as") == "markdown"
    page, events = page_of(standing), list(standing.case.events.all())
    text = transcripts_transcript.transcript(standing, page, events, form=form, markdown=markdown)
    kind = "text/markdown" if markdown else "text/plain"
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    ending = "md" if markdown else "txt"
    response.headers["Content-Disposition"] = f'inline; filename="{reference}-{form}.{ending}"'
    return response


# --- parts ----------------------------------------------------------------------------------------


def _case(reference: str) -> Case:
    case = Case.objects.select_related("agent", "queue", "publication")
    return get_object_or_404(case.defer("publication__snapshot"), reference=reference)


def _standing(reference: str, now: datetime) -> Standing:
    return looked_up.fresh(_case(reference), now)


def _token(reference: str) -> str:
    return get_object_or_404(Case, reference=reference).token


def _name(request: UserRequest) -> str:
    return request.user.get_username()


def _go_on(reference: str, now: datetime) -> HttpResponse:
    """To the case, where look-ups may be of use for the question that it has come to."""
    begin(_standing(reference, now))
    return _to_case(reference)


def _to_case(reference: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("wizard:desk_case", args=[reference]))


def _page(
    request: UserRequest,
    standing: Standing,
    *,
    handing: str = "",
    flagging: str = "",
    words: str = "",
    **problem: Unpack[Complaint],
) -> HttpResponse:
    page = desk_case_page(
        standing,
        request.user,
        site=f"{request.scheme}://{request.get_host()}",
        agents=list(agents().values_list("pk", "username")),
        **problem,
    )
    context = {
        "page": page,
        "handing": handing,
        "flagging": flagging,
        "words": words,
        "keys_off": bool(request.session.get(KEYS_OFF)),
    }
    return render_for_agent(request, "desk/case.html", context)
