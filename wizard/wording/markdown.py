"""Authors' Markdown as safe HTML: nothing that an author types can run, load or restyle.

And as lines of plain text, for what is read without a browser.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_PARSER: Final = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_TAGS: Final = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "blockquote"} | {
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_SCHEMES: Final = {"https", "mailto"}
_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
    url_schemes=_SCHEMES,
    url_relative="pass_through",
    link_rel="noopener noreferrer",
)


@lru_cache(maxsize=8192)
def render(text: str) -> SafeString:
    """The HTML of a Markdown text; the same text is rendered once a process."""
    return mark_safe(_CLEANER.clean(_PARSER.render(text)))  # noqa: S308 -- cleaned in this line


@lru_cache(maxsize=8192)
def plain_lines(text: str) -> tuple[str, ...]:
    """The lines of a Markdown text without markup, as on its page, with the links written out."""
    return tuple(_lines(SyntaxTreeNode(_PARSER.parse(text))))


def _lines(block: SyntaxTreeNode) -> Iterator[str]:
    if block.type == "inline":
        yield from _words(block).splitlines()
    elif block.type in ("fence", "code_block"):
        yield from block.content.splitlines()
    elif block.type == "tr":
        yield " | ".join(" ".join(_lines(cell)) for cell in block.children)
    else:
        lines = [line for child in block.children for line in _lines(child)]
        yield from _marked(lines) if block.type == "list_item" else lines


def _marked(lines: list[str]) -> Iterator[str]:
    """The lines of an entry of a list, numbered or not."""
    yield f"- {lines[0]}" if lines else "-"
    yield from lines[1:]


def _words(inline: SyntaxTreeNode) -> str:
    if inline.type in ("softbreak", "hardbreak"):
        return "\n"
    if inline.type in ("text", "code_inline"):
        return inline.content
    if inline.type == "image":
        return ""  # as on the page
    words = "".join(map(_words, inline.children))
    return _with_address(words, inline) if inline.type == "link" else words


def _with_address(words: str, link: SyntaxTreeNode) -> str:
    address = str(link.attrs["href"])
    if words == address or urlsplit(address).scheme not in ("", *_SCHEMES):
        return words
    return f"{words} ({address})"
