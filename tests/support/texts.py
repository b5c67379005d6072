"""The texts of the interface, and the file in which translators find them.

`make messages` looks for them in the code and in the templates, and writes them into the .po of
each language: translations are kept, what the interface no longer says goes, and what is new stands
there with nothing beside it. No translation is guessed from a text that looks alike, and neither
dates nor line numbers are written, so that a difference shows what was changed and nothing else.
The .mo, which Django reads, is built from it, and is not kept in the repository.
"""

import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).parents[2]
CODE: Final = ("smsdoctor", "wizard")
CHINESE: Final = ROOT / "wizard/locale/zh_Hans/LC_MESSAGES/django.po"

_KEYWORDS: Final = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    # The labels of the simulated platform's samples: it has no language itself.
    "Sample": (3,),
    "_in_trouble": (2,),
}

Found = tuple[str | tuple[str, ...], str | None]


class Texts(Catalog):
    """The texts of the interface with their Chinese; it says nothing of when, by whom and how."""

    mime_headers = (
        ("Language", "zh_Hans"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
    )

    def __init__(self) -> None:
        super().__init__(locale="zh_Hans", fuzzy=False, header_comment="")


def found() -> Texts:
    """Every text that the interface says, with no translation."""
    texts = Texts()
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            _add(texts, in_code(path.read_text()))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        _add(texts, in_template(path.read_text()))
    return texts


def in_code(source: str) -> list[Found]:
    """What a module of Python gives to gettext, each with its context."""
    rows = extract("python", io.BytesIO(source.encode()), _KEYWORDS)
    return [(text, context) for _line, text, _comments, context in rows]


def in_template(source: str) -> list[Found]:
    """What a template has to be translated, each with its context."""
    # It is read as Python, to which the indentation of a template would mean something.
    return in_code(re.sub(r"^\s+", "", templatize(source), flags=re.MULTILINE))


def _add(texts: Texts, rows: Iterable[Found]) -> None:
    for text, context in rows:
        texts.add(text, context=context)


def kept() -> Texts:
    """The texts and translations of the file."""
    texts = Texts()
    if CHINESE.exists():
        for message in _messages(read_po(io.BytesIO(CHINESE.read_bytes()), locale="zh_Hans")):
            texts.add(message.id, message.string, context=message.context)
    return texts


def brought_up_to_date() -> Texts:
    """What the interface says now, with the translations that the file has."""
    texts, before = found(), kept()
    for message in _messages(texts):
        old = before.get(message.id, message.context)
        if old is not None and old.pluralizable == message.pluralizable:
            message.string = old.string
    return texts


def as_po(texts: Texts) -> bytes:
    """What translators work on, in the order of the texts."""
    file = io.BytesIO()
    write_po(file, texts, width=0, sort_output=True, no_location=True, ignore_obsolete=True)
    return file.getvalue()


def build() -> None:
    """What Django reads, unless it is there and newer than what it is built from."""
    built = CHINESE.with_suffix(".mo")
    if built.exists() and built.stat().st_mtime >= CHINESE.stat().st_mtime:
        return
    with NamedTemporaryFile(dir=built.parent, delete=False) as file:
        write_mo(file, kept())
    Path(file.name).chmod(0o644)
    os.replace(file.name, built)  # in one step: another process may just read it


def pairs(texts: Texts) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each text, a second time where several things are meant, and its Chinese or ""."""
    for message in _messages(texts):
        if isinstance(message.id, str):
            yield (message.id,), message.string if isinstance(message.string, str) else ""
        else:
            yield tuple(message.id), (message.string or ("",))[0]


def _messages(texts: Catalog) -> list[Message]:
    return [message for message in texts if message.id]


def write() -> None:
    """Brings both files up to date, and says what is left to translate."""
    texts = brought_up_to_date()
    CHINESE.parent.mkdir(parents=True, exist_ok=True)
    CHINESE.write_bytes(as_po(texts))
    build()
    missing = [english[0] for english, chinese in pairs(texts) if not chinese]
    print(f"{len(texts)} texts, {len(missing)} of them without Chinese")
    for text in missing:
        print(f"  {text}")


if __name__ == "__main__":
    write()
