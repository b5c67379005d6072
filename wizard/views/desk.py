"""The agent desk: log-in, lists, and the box that finds or opens a case."""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from wizard.cases import looked_up, opening, samples, standing
from wizard.cases.lookups import begin
from wizard.desk.access import agents, for_agents, key_of
from wizard.desk.lists import case_rows, desk_page
from wizard.desk.presence import screens, watched
from wizard.desk.search import FoundAtDesk, sealed, unsealed
from wizard.desk.search import find as find_text
from wizard.models import Case
from wizard.pasted.reading import Reading, TextKind
from wizard.walks.sealed import carried
from wizard.web import limits
from wizard.web.clients import client_address
from wizard.web.languages import links
from wizard.web.rendering import render, render_for_agent
from wizard.web.requests import HtmxRequest, UserRequest

KEYS_OFF: Final = "keys_off"
"""In the session of an agent who has switched the keys off."""


class Login(LoginView):
    """The log-in of agents. Guessing is slowed down, by client and by name."""

    request: HtmxRequest
    template_name = "desk/login.html"
    redirect_authenticated_user = True
    authentication_form = AuthenticationForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {"layout": "base.html", "languages": links(self.request)}
        return super().get_context_data(**kwargs, **shared)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        now = timezone.now()
        times = settings.LOGINS_PER_MINUTE
        name = request.POST.get("username", "").strip().casefold()[:150]
        spent = (
            (limits.Limit("login", times, 60), client_address(request)),
            # More, so that nobody is kept out by a stranger who guesses a little.
            (limits.Limit("login-name", times * 3, 60), name),
        )
        for limit, who in spent:
            if wait := limits.spend(limit, who, now):
                response = render(self.request, "errors/429.html", {"wait": wait}, status=429)
                response.headers["Retry-After"] = str(wait)
                return response
        return super().post(request, *args, **kwargs)


@require_POST
def log_out(request: HtmxRequest) -> HttpResponse:
    """End the session; what is on other screens of it asks for a log-in."""
    logout(request)
    return HttpResponseRedirect(reverse("wizard:home"))


@require_safe
@for_agents
def lists(request: UserRequest) -> HttpResponse:
    """The lists of cases."""
    form = request.GET
    page = desk_page(
        request.user,
        show=form.get("show", ""),
        queue=key_of(form.get("queue", "")),
        of_agent=key_of(form.get("agent", "")),
        agents=list(agents().values_list("pk", "username")),
        number=form.get("page", ""),
    )
    context = {"page": page, "samples": samples.by_scenario()}
    return render_for_agent(request, "desk/lists.html", context)


@require_POST
@for_agents
def find(request: UserRequest) -> HttpResponse:
    """Go to the one case there is, or to a new one; or show what there is to choose from."""
    text = request.POST.get("text", "")
    found = find_text(text)
    if found.case is not None:
        return HttpResponseRedirect(_url(found.case))
    if found.is_choice or found.reading.kind in (TextKind.WORDS, TextKind.NOTHING):
        return _choose(request, found)
    return _open(request, found.reading, found.number_hash)


@require_POST
@for_agents
def open_case(request: UserRequest) -> HttpResponse:
    """Open a case: with what was pasted, about a message, from a sample, or with nothing yet."""
    now = timezone.now()
    form = request.POST
    sample = samples.chosen(form.get("sample", ""))
    if sample is not None:
        reading = find_text(sample.text(now)).reading
        return _open(request, reading, sample=sample.key)
    message = form.get("message", "")
    if message:
        return _open(request, find_text(message).reading)
    reading = carried(form.get("understood", "")) or Reading(TextKind.NOTHING)
    return _open(request, reading, unsealed(form.get("number", "")))


@require_GET
def changes(request: HtmxRequest, token: str) -> HttpResponse:
    """Whether there is news for a screen: 204 always, and where there is the screen fetches it."""
    keys = watched(token)
    if keys is None:
        raise Http404
    if "reports" in request.GET:
        case = Case.objects.filter(pk=keys[0]).first()
        if case is not None:
            looked_up.fresh(case, timezone.now())
    response = HttpResponse(status=204)
    if not screens.still(keys, request.GET.get("seen", "")):
        response.headers["HX-Trigger"] = "case-changed"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@for_agents
def keys(request: UserRequest) -> HttpResponse:
    """Switch the keys of the case screen on or off, for this log-in."""
    request.session[KEYS_OFF] = "off" in request.POST
    reference = request.POST.get("case", "")
    case = Case.objects.filter(reference=reference).first()
    return HttpResponseRedirect(_url(case) if case else reverse("wizard:desk"))


def _choose(request: UserRequest, found: FoundAtDesk) -> HttpResponse:
    rows = list(case_rows(found.cases))
    context = {
        "found": found,
        "rows": rows,
        "number": sealed(found),
        "keys_off": bool(request.session.get(KEYS_OFF)),
    }
    return render_for_agent(request, "desk/found.html", context)


def _open(
    request: UserRequest, reading: Reading, number_hash: str = "", *, sample: str = ""
) -> HttpResponse:
    now = timezone.now()
    try:
        case = opening.open_case(
            reading, now=now, sample=sample, recipient_hash=number_hash, agent=request.user
        )
    except LookupError as error:
        raise Http404 from error
    begin(standing.standing(case, now))
    return HttpResponseRedirect(_url(case))


def _url(case: Case) -> str:
    return reverse("wizard:desk_case", args=[case.reference])
