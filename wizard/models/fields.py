"""Fields that several models share."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wizard.engine.snapshot import KEY, KEY_LENGTH

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    # Django's own classes, which take their types from the checker alone.
    _CharField = models.CharField[str, str]
    _TextField = models.TextField[str, str]
else:
    _CharField, _TextField = models.CharField, models.TextField


class KeyField(_CharField):
    """A stable identifier that links, rules and statistics hold on to."""

    def __init__(self, verbose_name: "StrOrPromise | None" = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", KEY_LENGTH)
        kwargs.setdefault("validators", [_is_key])
        super().__init__(verbose_name or _("key"), **kwargs)


_is_key = RegexValidator(
    rf"^(?:{KEY.pattern})\Z",
    _("Use lower-case letters, digits and hyphens, and begin with a letter: phone-off"),
)


def field_of(model: models.Model | type[models.Model], name: str) -> "models.Field[Any, Any]":
    """A field of a model's own table, by its name.

    Raises:
        FieldDoesNotExist: there is none; what only refers to the model from elsewhere is none.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise FieldDoesNotExist(name)
    return field


def primary_key(text: object) -> int | None:
    """The primary key that a text names; None for one that no row can have."""
    digits = str(text)
    fits = digits.isascii() and digits.isdecimal() and len(digits) < 19
    return int(digits) if fits else None


class LinesField(_TextField):
    """A list of short texts, one on each line."""


def lines(text: str) -> list[str]:
    """The texts of a `LinesField`, without blank ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def choices(values: Sequence[str], words: Mapping[str, Promise]) -> list[tuple[str, Promise]]:
    """The choices of a field that holds one of a closed list."""
    return [(value, words[value]) for value in values]


def languages() -> "list[tuple[str, StrOrPromise]]":
    """The languages that guides can be read in, as choices."""
    return list(settings.LANGUAGES)
