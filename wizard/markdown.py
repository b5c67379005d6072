"""Authors' Markdown as safe HTML: nothing that an author types can run, load or restyle."""

from functools import lru_cache
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_PARSER: Final = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_TAGS: Final = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "blockquote"} | {
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
    url_schemes={"https", "mailto"},
    url_relative="pass_through",
    link_rel="noopener noreferrer",
)


@lru_cache(maxsize=8192)
def render(text: str) -> SafeString:
    """The HTML of a Markdown text; the same text is rendered once a process."""
    return mark_safe(_CLEANER.clean(_PARSER.render(text)))  # noqa: S308 -- cleaned in this line
