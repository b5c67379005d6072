"""Sentences about texts that people type."""

from typing import Final

from django.utils.translation import gettext_lazy as _

HOLDS_INVISIBLE: Final = _("The text holds an invisible control character.")

REFUSED_INVISIBLE: Final = _(
    "The text holds an invisible control character. Type the place anew, or paste plain text."
)
