"""Publishing later: the choice on the Publish page, what is scheduled, and taking it back."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms.utils import from_current_timezone
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.admin.generic import ModelAdmin
from wizard.authoring import publishing, scheduling
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide, ScheduledPublication
from wizard.web.requests import UserRequest

NOW: Final = "now"
AT: Final = "at"
_FURTHEST: Final = timedelta(days=366)


class WhenForm(forms.Form):
    """When to publish: now, or at a time in the site's zone. `at` is that time, None for now."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[(NOW, gettext_lazy("Now")), (AT, gettext_lazy("At this time:"))],
        initial=NOW,
        required=False,
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    clock = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    @property
    def at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        return at

    @property
    def zone(self) -> str:
        return timezone.get_current_timezone_name()

    def clean(self) -> dict[str, Any]:
        later = self.cleaned_data.get("when") == AT
        given = [name for name in ("day", "clock") if self.data.get(name)]
        self.cleaned_data["at"] = None
        if later:
            self._clean_time()
        elif given:
            # Who has typed a time does not mean now.
            self.add_error("when", _("Choose “At this time”, or leave date and time empty."))
        return self.cleaned_data

    def _clean_time(self) -> None:
        for name in ("day", "clock"):
            if name not in self.errors and self.cleaned_data[name] is None:
                self.add_error(name, _("Say when."))
        if self.errors:
            return
        try:
            # Raises for what clocks skip or show twice when they are changed.
            local = datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"])
            at = from_current_timezone(local)
        except forms.ValidationError as error:
            self.add_error("clock", error)
            return
        now = timezone.now()
        if not now < at <= now + _FURTHEST:
            self.add_error("day", _("Choose a time between now and a year from now."))
        self.cleaned_data["at"] = at


def schedule(
    admin: ModelAdmin[Guide],
    request: UserRequest,
    guide: Guide,
    at: datetime,
    note: str,
    seen: Snapshot | None,
) -> HttpResponse:
    """Schedule the draft as it is.

    Raises:
        NotPublishable, DocumentError: as it is, it could not be published.
        OwnChange, Changed: somebody else has to, or it is not what they looked at.
    """
    try:
        with transaction.atomic():
            scheduling.schedule(guide, at=at, by=request.user, note=note, seen=seen)
            message = _("Scheduled the draft as it is, to be published on %(at)s.")
            message %= {"at": in_words(at)}
            admin.log_change(request, guide, message)
        messages.success(request, message)
    except publishing.Unchanged:
        message = _("Nothing was scheduled: visitors read the same by then anyway.")
        messages.info(request, message)
    return redirect("admin:wizard_guide_publish", guide.pk)


def cancel_view(
    admin: ModelAdmin[Guide], request: UserRequest, guide: Guide, scheduled: int
) -> HttpResponse:
    """Take back what is scheduled, unless it is too late."""
    row = get_object_or_404(guide.scheduled.defer("document"), pk=scheduled)
    words = {"at": in_words(row.at)}
    if scheduling.cancel(row, timezone.now()):
        message = _("Cancelled the publication that was scheduled for %(at)s.") % words
        admin.log_change(request, guide, message)
        messages.success(request, message)
    else:
        message = _("It was too late to cancel the publication that was scheduled for %(at)s.")
        messages.warning(request, message % words)
    return redirect("admin:wizard_guide_publish", guide.pk)


def told(guide: Guide) -> QuerySet[ScheduledPublication]:
    """What authors have to know of what is scheduled: what waits, and what has failed."""
    return guide.scheduled.to_be_told().select_related("by").defer("document")


def warn_of_waiting(request: UserRequest, guide: Guide) -> None:
    """Tell somebody who has just changed what visitors read that it will be changed again."""
    for row in guide.scheduled.waiting().defer("document"):
        message = _(
            "What is scheduled for %(at)s will replace this publication. Cancel it if it must not."
        )
        messages.warning(request, message % {"at": in_words(row.at)})


def in_words(at: datetime) -> str:
    """A time in the site's zone, with its name."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({timezone.get_current_timezone_name()})"
