"""Rolling back: an old publication becomes what visitors read, after a look at what changes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.admin.generic import ModelAdmin, ModelForm
from wizard.admin.links import DRAFT, compare_url
from wizard.admin.page import page_context
from wizard.admin.publishing import scheduling
from wizard.admin.publishing.compare import differing
from wizard.authoring import differences, drafts, publishing
from wizard.engine.differences import compare
from wizard.engine.document import DocumentError
from wizard.models import Publication
from wizard.published.live import live
from wizard.web.requests import UserRequest


class RollBackForm(ModelForm[Publication]):
    reset_draft = forms.BooleanField(
        label=gettext_lazy("Make the draft the same, too"),
        required=False,
        help_text=gettext_lazy(
            "What the draft has of its own is then lost. Otherwise the draft stays as it is, and "
            "goes live when somebody publishes it."
        ),
    )

    class Meta:
        model = Publication
        fields = ("note",)
        labels = {"note": gettext_lazy("Why")}
        help_texts = {"note": gettext_lazy("For other authors; visitors do not see it.")}
        widgets = {"note": AdminTextInputWidget}

    def __init__(self, *args: Any, may_edit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_edit:
            # The draft belongs to its authors.
            del self.fields["reset_draft"]


def roll_back_view(
    admin: ModelAdmin[Publication], request: UserRequest, publication: Publication
) -> HttpResponse:
    """Show in words what visitors would read otherwise; on POST roll back."""
    posted = request.method == "POST"
    may_edit = request.user.has_perm("wizard.change_guide")
    form = RollBackForm(request.POST if posted else None, may_edit=may_edit)
    if posted and form.is_valid():
        return _roll_back(admin, request, publication, **form.cleaned_data)
    guide = publication.guide
    document, draft = publication.snapshot, drafts.document_of(guide)
    # A guide with publications has one that visitors read.
    read = guide.live or publication
    title = _("Roll back to publication %(number)s") % {"number": publication.number}
    context: dict[str, Any] = {
        **page_context(admin, request, title, publication),
        "guide": guide,
        "subtitle": str(guide),
        "form": form,
        "differences": differing(guide, read.snapshot, document),
        "compare_url": compare_url(guide.pk, read.number, publication.number),
        "of_the_draft": differences.count(compare(document, draft)),
        "draft_url": compare_url(guide.pk, publication.number, DRAFT),
    }
    return TemplateResponse(request, "admin/wizard/publishing/roll_back.html", context)


def _roll_back(
    admin: ModelAdmin[Any],
    request: UserRequest,
    publication: Publication,
    *,
    note: str,
    reset_draft: bool = False,
) -> HttpResponse:
    guide = publication.guide
    try:
        with transaction.atomic():
            made = publishing.roll_back(
                publication, by=request.user, note=note, reset_draft=reset_draft
            )
            # This process serves it at once; the others look every few seconds.
            transaction.on_commit(live.refresh, robust=True)
            words = {"old": publication.number, "new": made.number}
            message = _("Rolled back to the content of publication %(old)s, as number %(new)s.")
            admin.log_change(request, guide, message % words)
    except publishing.Unchanged:
        message = _("Nothing was rolled back: visitors read this content already.")
        messages.info(request, message)
    except DocumentError as error:
        message = _("Nothing was rolled back: the publication can no longer be read. %(fault)s")
        messages.error(request, message % {"fault": error})
    else:
        message = _("Publication %(new)s is live, with the content of number %(old)s.")
        messages.success(request, message % words)
        if reset_draft:
            messages.success(request, _("The draft is the same now."))
        scheduling.warn_of_waiting(request, guide)
    return redirect("admin:wizard_guide_change", guide.pk)
