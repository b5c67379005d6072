"""What the texts of a guide are in other languages."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wizard.models.audited import Audited
from wizard.models.fields import languages
from wizard.models.guide import Guide


class Translation(Audited, models.Model):
    """A text of a guide in another language, wherever in the guide the text stands.

    It holds on to the text itself: once an author changes that, the translation waits unused, for
    the day that the text comes back.
    """

    guide = models.ForeignKey(
        Guide, on_delete=models.CASCADE, related_name="translations", verbose_name=_("guide")
    )
    language = models.CharField(_("language"), max_length=12, choices=languages)
    text = models.TextField(_("text"))
    # A database cannot hold texts of any length apart by themselves.
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    translation = models.TextField(_("translation"))
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        ordering = ("guide", "language", "pk")
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "language", "digest"], name="translation_once_a_text"
            )
        ]

    def __str__(self) -> str:
        return self.translation[:80]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.digest = digest_of_text(self.text)
        super().save(*args, **kwargs)

    def audited_as(self) -> tuple[int | None, str]:
        return self.guide_id, f"language:{self.language}"


def by_language(rows: Iterable[Translation]) -> dict[str, dict[str, str]]:
    """Translations by text, for each language that has some."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.language, {})[row.text] = row.translation
    return found


def translations_of(guide: Guide, language: str, pairs: Mapping[str, str]) -> list[Translation]:
    """Rows, not stored yet, for texts and their translations."""
    return [
        Translation(
            guide=guide,
            language=language,
            text=text,
            digest=digest_of_text(text),
            translation=translation,
        )
        for text, translation in pairs.items()
    ]


def digest_of_text(text: str) -> str:
    """What a text is told by, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
