"""Publications: what visitors read. Made once, never changed. And those that are yet to come."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wizard.models.audited import Audited
from wizard.models.guide import GUIDE_NODE, Guide
from wizard.wording import authoring


class Immutable(TypeError):
    """Somebody tried to change or delete a publication."""


class PublicationQuerySet(models.QuerySet["Publication"]):
    def live(self) -> Self:
        """The publications that visitors read now."""
        return self.filter(pk__in=Guide.objects.published().values("live"))

    def update(self, **kwargs: Any) -> int:
        raise Immutable("a publication is never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable("a publication is never deleted")


class Publication(Audited, models.Model):
    """One numbered version of a guide: its document, with the catalogue, and its digest."""

    guide = models.ForeignKey(
        Guide, on_delete=models.PROTECT, related_name="publications", verbose_name=_("guide")
    )
    number = models.PositiveIntegerField(_("number"))
    snapshot = models.JSONField(_("snapshot"))
    digest = models.CharField(_("digest"), max_length=64)
    note = models.CharField(_("note"), max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    content_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rolled back to"),
    )
    published_at = models.DateTimeField(_("published at"), default=timezone.now)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ("guide", "-number")
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "number"], name="publication_number_once_a_guide"
            )
        ]

    def __str__(self) -> str:
        return authoring.publication(self.number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable("a publication is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Immutable("a publication is never deleted")

    def audited_as(self) -> tuple[int | None, str]:
        return self.guide_id, GUIDE_NODE


class ScheduledPublicationQuerySet(models.QuerySet["ScheduledPublication"]):
    def waiting(self) -> Self:
        """Those whose time has not come, or that nobody has looked for yet; the next one first."""
        return self.filter(done_at=None, cancelled_at=None).order_by("at", "pk")

    def due(self, now: datetime) -> Self:
        """Those to be published by now, in the order of their times."""
        return self.waiting().filter(at__lte=now)

    def to_be_told(self) -> Self:
        """What authors have to know: what waits, and what failed since a guide went live last."""
        since_live = Q(guide__live=None) | Q(done_at__gte=F("guide__live__published_at"))
        return self.filter(
            Q(done_at=None, cancelled_at=None) | ~Q(failure="") & since_live
        ).order_by("at", "pk")  # fmt: skip


class ScheduledPublication(Audited, models.Model):
    """A draft as it was when somebody scheduled it, to be published at a later time.

    `done_at` says when that was tried; then `failure` says why nothing was published, or is empty.
    """

    guide = models.ForeignKey(
        Guide, on_delete=models.CASCADE, related_name="scheduled", verbose_name=_("guide")
    )
    document = models.JSONField(_("document"))
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)

    objects = ScheduledPublicationQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("scheduled publication")
        verbose_name_plural = _("scheduled publications")
        indexes = [
            models.Index(
                fields=["at"],
                name="scheduled_publication_due",
                condition=Q(done_at=None, cancelled_at=None),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(cancelled_at=None),
                name="scheduled_publication_ends_one_way",
            )
        ]

    def __str__(self) -> str:
        return _("Publication scheduled for %(at)s") % {"at": self.at}

    def audited_as(self) -> tuple[int | None, str]:
        return self.guide_id, GUIDE_NODE
