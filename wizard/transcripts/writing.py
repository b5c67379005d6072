"""Plain text and Markdown, written by the same hand.

A text is made of sections that know nothing of Markdown; at its end it is written as plain text or
as Markdown. Whatever stands in a section is put on one line and escaped there, so that no value, by
whomever, can break the form of the text.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.engine.texts import CONTROLS, NO_CHARACTERS
from wizard.wording.markdown import plain_lines


@dataclass(frozen=True, slots=True)
class TextSection:
    """A part of a text: paragraphs, then a list. It is left out where it has neither.

    Each string becomes one line. An entry of the list has a first line, and more that belong to it.
    """

    heading: str = ""
    paragraphs: Sequence[str] = ()
    entries: Sequence[Sequence[str]] = ()
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    line: Callable[[str], str]
    title: str
    heading: str | Promise
    line_end: str
    gap: str


def write(title: str, sections: Iterable[TextSection], *, markdown: bool) -> str:
    """A text under a title, as plain text or as Markdown; it ends with a line break."""
    style = _MARKDOWN if markdown else _PLAIN
    blocks = [style.title.format(style.line(title))]
    blocks += [_block(one, style) for one in sections if one.paragraphs or one.entries]
    return "\n\n".join(blocks) + "\n"


def _block(section: TextSection, style: _Style) -> str:
    heading = [str(style.heading).format(style.line(section.heading))] if section.heading else []
    paragraphs = [style.line(one) for one in section.paragraphs]
    entries = [
        _entry(f"{number}. " if section.numbered else "- ", lines, style)
        for number, lines in enumerate(section.entries, start=1)
    ]
    return style.gap.join([*heading, *paragraphs, *(["\n".join(entries)] if entries else [])])


def _entry(mark: str, lines: Sequence[str], style: _Style) -> str:
    written = [style.line(line) for line in lines]
    between = style.line_end + " " * len(mark)
    return mark + between.join(line for line in written if line)


# Beside control characters those that turn the direction of a text or cannot be seen (but for the
# two joiners, which words and emoji are spelt with).
_UNFIT: Final = re.compile(
    rf"[{CONTROLS}{NO_CHARACTERS}\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb]"
)

# What could begin markup inside a line, and what at its beginning alone. An underscore between
# letters is none, and message IDs have one.
_MARKUP: Final = re.compile(r"[\\`*\[\]<~|#]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w])")

_FIRST: Final = re.compile(r"^([0-9]{1,9}(?=[.)])|)([-+=>.):])")


def one_line(text: str) -> str:
    """A text on one line, without what cannot be seen."""
    return " ".join(_UNFIT.sub(" ", text).split())


def escaped(text: str) -> str:
    """A text on one line of Markdown that reads as it stands, wherever a line may begin."""
    return _FIRST.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", one_line(text)))


_PLAIN: Final = _Style(one_line, title="{}", heading=gettext_lazy("{}:"), line_end="\n", gap="\n")

_MARKDOWN: Final = _Style(escaped, title="# {}", heading="## {}", line_end="\\\n", gap="\n\n")


# --- words ----------------------------------------------------------------------------------------


def as_lines(markdown: str) -> tuple[str, ...]:
    """An author's Markdown as lines of plain text, as on its page, with the links written out."""
    return tuple(filter(None, map(one_line, plain_lines(markdown))))


def as_line(markdown: str) -> str:
    """The same on one line."""
    return " ".join(as_lines(markdown))


def moment(at: datetime) -> str:
    """A time in UTC, as colleagues in other zones compare it: 2026-11-23 12:00 UTC."""
    if at.utcoffset() is None:
        return _("%(time)s (zone not known)") % {"time": at.isoformat(" ", "minutes")}
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'minutes')} UTC"


def day_and_time(at: datetime) -> str:
    """A time for a customer, in the zone of the site: 13:00 UTC on Monday 23 November."""
    local = timezone.localtime(at)
    # The name of a zone is not enough: CST is in China, and in America.
    zone = f"UTC{local.isoformat()[-6:]}" if local.utcoffset() else "UTC"
    clock, day = date_format(local, "H:i"), date_format(local, _("l j F"))
    return _("%(time)s %(zone)s on %(day)s") % {"time": clock, "zone": zone, "day": day}


def labelled(label: str | Promise, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def as_fields(*rows: tuple[str, str]) -> list[tuple[str]]:
    """A list of labelled values; what has no value is left out."""
    return [(labelled(label, value),) for label, value in rows if value]


# --- for customers --------------------------------------------------------------------------------


def present(*texts: str) -> list[str]:
    return [text for text in texts if text]
