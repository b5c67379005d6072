"""What a browser would send from a form on a page."""

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    """Values of the controls of a page, as a browser submits them."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        kind = given.get("type")
        if tag == "textarea":
            self._area, self.values[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or self._select not in self.values):
            self.values[self._select] = given.get("value") or ""
        elif tag == "input" and (
            kind in ("text", "hidden", "number", "date") or "checked" in given
        ):
            self.values[name] = given.get("value") or ("on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            # The line break after the opening tag is not part of the value.
            self.values[self._area] += data.removeprefix("\r\n").removeprefix("\n")


def filled(html: bytes, **changes: Any) -> dict[str, str]:
    """The values of a page's forms, with some of them changed."""
    fields = _Fields()
    fields.feed(html.decode())
    return {name: value for name, value in fields.values.items() if name} | changes
