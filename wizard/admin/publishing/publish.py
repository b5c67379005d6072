"""The page that publishes: what the checks found, what changed, and the button."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.admin.checks.findings import FoundProblem, findings
from wizard.admin.generic import ModelAdmin, ModelForm
from wizard.admin.links import log_url, may_publish
from wizard.admin.page import page_context
from wizard.admin.publishing import scheduling
from wizard.admin.publishing.compare import count_of_changes
from wizard.admin.publishing.replay_gate import gate_of
from wizard.authoring import drafts, publishing
from wizard.authoring.checking import problems_of
from wizard.authoring.drafts import Draft
from wizard.engine.document import DocumentError
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide, Publication
from wizard.published.live import live
from wizard.web.requests import UserRequest


@dataclass(frozen=True, slots=True)
class Review:
    """What the checks say of a draft. `is_live`: it is what visitors read already.

    `document` is the draft itself, `snapshot` what it was compiled to: None if it cannot be read.
    """

    findings: tuple[FoundProblem, ...]
    is_live: bool = False
    document: Mapping[str, Any] | None = None
    snapshot: Snapshot | None = None

    @property
    def digest(self) -> str:
        """The digest of the draft, "" if it cannot be read."""
        return self.snapshot.digest if self.snapshot is not None else ""

    @property
    def errors(self) -> list[FoundProblem]:
        return [finding for finding in self.findings if finding.level == "error"]

    @property
    def warnings(self) -> list[FoundProblem]:
        return [finding for finding in self.findings if finding.level == "warning"]


def review(guide: Guide) -> Review:
    """Check the draft of a guide."""
    return review_of(drafts.draft_of(guide))


def review_of(draft: Draft) -> Review:
    """Check a draft, as it is stored or as it would be."""
    guide = draft.guide
    document = draft.document()
    snapshot, problems = problems_of(document)
    live = guide.live.digest if guide.live else ""
    is_live = snapshot is not None and snapshot.digest == live
    found = tuple(findings(draft, snapshot, problems))
    if snapshot is None:
        return Review(found)
    return Review(found, is_live, document, snapshot)


class PublishForm(ModelForm[Publication]):
    class Meta:
        model = Publication
        fields = ("note",)
        labels = {"note": gettext_lazy("What has changed")}
        help_texts = {"note": gettext_lazy("For other authors; visitors do not see it.")}
        widgets = {"note": AdminTextInputWidget}


def publish_view(admin: ModelAdmin[Guide], request: UserRequest, guide: Guide) -> HttpResponse:
    """Show what the checks found; on POST publish or schedule, unless something hinders it."""
    posted = request.method == "POST"
    form = PublishForm(request.POST if posted else None)
    when = scheduling.WhenForm(request.POST if posted else None)
    valid = posted and all([form.is_valid(), when.is_valid()])
    if posted and not may_publish(request):
        raise PermissionDenied
    refused = False
    found = review(guide)
    gate = gate_of(request, guide, found.snapshot)
    # The errors come first: with them there is nothing to look at yet.
    stopped = posted and not found.errors and gate.stops(request)
    own = publishing.needs_another(guide, request.user)
    # What they looked at on the page must be what was checked here, and what is published.
    changed = posted and request.POST.get("draft", found.digest) != found.digest
    if valid and not stopped and not changed:
        note = form.cleaned_data["note"]
        try:
            if when.at:
                return scheduling.schedule(admin, request, guide, when.at, note, found.snapshot)
            return _publish(admin, request, guide, note, found.snapshot)
        except (publishing.NotPublishable, DocumentError):
            refused = True
        except publishing.DraftChanged:
            changed = True
        except publishing.OwnChange:
            own = True
        except publishing.Unchanged:
            message = _("Nothing was published: the draft is what visitors read already.")
            messages.info(request, message)
            return redirect("admin:wizard_guide_change", guide.pk)
    context: dict[str, Any] = {
        **page_context(admin, request, _("Publish"), guide),
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
    return TemplateResponse(request, "admin/wizard/publishing/publish.html", context)


def _publish(
    admin: ModelAdmin[Guide],
    request: UserRequest,
    guide: Guide,
    note: str,
    seen: Snapshot | None,
) -> HttpResponse:
    with transaction.atomic():
        publication = publishing.publish(guide, by=request.user, note=note, seen=seen)
        # This process serves it at once; the others look every few seconds.
        transaction.on_commit(live.refresh, robust=True)
        admin.log_change(request, guide, _("Published as number %d.") % publication.number)
    messages.success(request, _("Publication %d is live.") % publication.number)
    scheduling.warn_of_waiting(request, guide)
    return redirect("admin:wizard_guide_change", guide.pk)
