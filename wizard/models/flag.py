"""Flags: an agent says in place that a question or an outcome is wrong."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wizard.engine.snapshot import KEY_LENGTH
from wizard.models.case import Case
from wizard.models.guide import Guide
from wizard.models.publication import Publication


class Flag(models.Model):
    """What an agent found wrong at one node, with the publication and the way that led there."""

    guide = models.ForeignKey(
        Guide, on_delete=models.CASCADE, related_name="flags", verbose_name=_("guide")
    )
    publication = models.ForeignKey(
        Publication,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("publication"),
    )
    case = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("case")
    )
    node = models.CharField(_("question or outcome"), max_length=KEY_LENGTH)
    title = models.CharField(_("its text then"), max_length=300)
    answers = models.JSONField(_("answers on the way there"), default=list, blank=True)
    text = models.TextField(_("what is wrong"))
    by = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.CharField(_("done by"), max_length=150, blank=True)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        indexes = [models.Index(fields=["guide", "node"], name="flag_node")]

    def __str__(self) -> str:
        return f"{self.node}: {self.text[:60]}"
