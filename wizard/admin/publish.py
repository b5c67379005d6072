"""The Publish page: every finding of the checks with a link to its field, and going live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard import drafts, publishing
from wizard.admin import scheduling
from wizard.admin.compare import count_of_changes
from wizard.admin.log import log_url
from wizard.admin.looks import gate_of
from wizard.admin.shared import list_url, may_publish, url_of
from wizard.admin.translating import translate_url
from wizard.engine.checks import Problem, check
from wizard.engine.snapshot import DocumentError, Snapshot, compile_document
from wizard.live import live
from wizard.models import Code, Guide, Publication
from wizard.wording import problem as sentence_of

# Where a part of a document has another name in its form.
_IN_FORM: Final = {
    "to": "id_to_question",
    "otherwise": "id_otherwise_question",
    "answers": "answers-group",
    "steps": "steps-group",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of the checks as a line of the page. `where`: the node in the author's words."""

    level: str
    where: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Review:
    """What the checks say of a draft. `is_live`: it is what visitors read already.

    `document` is the draft itself, None if it cannot be read; `digest` is its digest.
    """

    findings: tuple[Finding, ...]
    is_live: bool = False
    document: Mapping[str, Any] | None = None
    digest: str = ""

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == "error"]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == "warning"]


def review(guide: Guide) -> Review:
    """Check the draft of a guide."""
    document = drafts.document_of(guide)
    try:
        snapshot = compile_document(document)
    except DocumentError as error:
        sentence = _("The draft cannot be read: %(fault)s") % {"fault": error}
        return Review((Finding("error", str(guide), sentence, url_of(guide)),))
    languages = [code for code, _name in settings.LANGUAGES]
    is_live = guide.live is not None and guide.live.digest == snapshot.digest
    found = tuple(findings(guide, snapshot, check(snapshot, languages)))
    return Review(found, is_live, document, snapshot.digest)


def findings(guide: Guide, snapshot: Snapshot, problems: Sequence[Problem]) -> list[Finding]:
    """The findings in words, each with the address of the form field at fault."""
    rows: dict[tuple[str, str], Model] = {("guide", ""): guide}
    rows |= {("question", row.key): row for row in guide.questions.only("guide", "key", "text")}
    rows |= {("outcome", row.key): row for row in guide.outcomes.only("guide", "key", "title")}
    codes = guide.codes.only("guide", "namespace", "code")
    rows |= {("code", f"{row.namespace}:{row.code}"): row for row in codes}
    found = []
    for problem in problems:
        row = rows[problem.place, problem.key]
        url = _url(row, snapshot, problem)
        found.append(Finding(problem.level, str(row), sentence_of(problem), url))
    return found


def _url(row: Any, snapshot: Snapshot, problem: Problem) -> str:
    if problem.name == "codes-not-asked":
        return list_url(Code, guide__id__exact=row.pk, namespace=problem.params["namespace"])
    if problem.field == "translations":
        node = f"{problem.place}:{problem.key}" if problem.key else ""
        return translate_url(row.guide_id if node else row.pk, problem.params["language"], node)
    return f"{url_of(row)}#{_fragment(snapshot, problem)}"


def _fragment(snapshot: Snapshot, problem: Problem) -> str:
    if problem.part and problem.place == "question":
        keys = [answer.key for answer in snapshot.questions[problem.key].answers]
        return f"answers-{keys.index(problem.part)}"
    if problem.part:
        return f"steps-{int(problem.part) - 1}"
    return _IN_FORM.get(problem.field, f"id_{problem.field}")


class PublishForm(ModelForm):
    class Meta:
        model = Publication
        fields = ("note",)
        labels = {"note": gettext_lazy("What has changed")}
        help_texts = {"note": gettext_lazy("For other authors; visitors do not see it.")}
        widgets = {"note": AdminTextInputWidget}


def publish_view(admin: ModelAdmin, request: HttpRequest, guide: Guide) -> HttpResponse:
    """Show what the checks found; on POST publish or schedule, unless something hinders it."""
    posted = request.method == "POST"
    form = PublishForm(request.POST if posted else None)
    when = scheduling.WhenForm(request.POST if posted else None)
    valid = posted and all([form.is_valid(), when.is_valid()])
    if posted and not may_publish(request):
        raise PermissionDenied
    refused = changed = False
    found = review(guide)
    gate = gate_of(request, guide, found.document)
    # The errors come first: with them there is nothing to look at yet.
    stopped = posted and not found.errors and gate.stops(request)
    own = publishing.needs_another(guide, request.user)
    if valid and not stopped:
        note = form.cleaned_data["note"]
        # What they looked at is what was on the page, and what the gate has let pass.
        digest = request.POST.get("draft") or found.digest
        try:
            if when.at:
                return scheduling.schedule(admin, request, guide, when.at, note, digest)
            return _publish(admin, request, guide, note, digest)
        except (publishing.NotPublishable, DocumentError):
            refused = True
        except publishing.Changed:
            changed = True
        except publishing.OwnChange:
            own = True
        except publishing.Unchanged:
            message = _("Nothing was published: the draft is what visitors read already.")
            messages.info(request, message)
            return redirect("admin:wizard_guide_change", guide.pk)
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": guide,
        "title": _("Publish"),
        "subtitle": str(guide),
        "form": form,
        "when": when,
        "scheduled": scheduling.told(guide),
        "review": found,
        "changes": count_of_changes(guide, found.document),
        "refused": refused,
        "gate": gate,
        "stopped": stopped,
        "changed": changed,
        "own": own,
        "hindered": valid and own and not refused,
        "may_publish": may_publish(request),
        "log_url": log_url(guide.pk),
    }
    return TemplateResponse(request, "admin/wizard/guide/publish.html", context)


def _publish(
    admin: ModelAdmin, request: HttpRequest, guide: Guide, note: str, digest: str
) -> HttpResponse:
    with transaction.atomic():
        publication = publishing.publish(guide, by=request.user, note=note, digest=digest)
        # This process serves it at once; the others look every few seconds.
        transaction.on_commit(live.refresh, robust=True)
        admin.log_change(request, guide, _("Published as number %d.") % publication.number)
    messages.success(request, _("Publication %d is live.") % publication.number)
    scheduling.warn_of_waiting(request, guide)
    return redirect("admin:wizard_guide_change", guide.pk)
