"""Searches that found nothing."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wizard.models.asked import AskedQuerySet

WORDS_LENGTH = 120


class UnansweredSearchQuerySet(AskedQuerySet["UnansweredSearch"]):
    asked_in = "words"


class UnansweredSearch(models.Model):
    """Words that visitors looked for and no guide has: the authors' list of synonyms to add."""

    words = models.CharField(_("words"), max_length=WORDS_LENGTH, unique=True)
    times = models.PositiveIntegerField(_("times asked for"), default=1)
    first_seen = models.DateTimeField(_("first asked for"), default=timezone.now)
    last_seen = models.DateTimeField(_("last asked for"), default=timezone.now)
    settled = models.BooleanField(
        _("settled"),
        default=False,
        help_text=_("Added to what people also say, or nothing that a guide is about."),
    )

    objects = UnansweredSearchQuerySet.as_manager()

    class Meta:
        ordering = ("settled", "-times", "words")
        verbose_name = _("unanswered search")
        verbose_name_plural = _("unanswered searches")

    def __str__(self) -> str:
        return self.words
