"""Publications: what visitors read. Made once, never changed."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wizard.models.guide import Guide


class Immutable(TypeError):
    """Somebody tried to change or delete a publication."""


class PublicationQuerySet(models.QuerySet):
    def live(self) -> Self:
        """The publications that visitors read now."""
        return self.filter(pk__in=Guide.objects.published().values("live"))

    def update(self, **kwargs: Any) -> int:
        raise Immutable("a publication is never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable("a publication is never deleted")


class Publication(models.Model):
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
        return _("Publication %(number)s") % {"number": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable("a publication is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Immutable("a publication is never deleted")
