"""What a browser would send from a form on a page."""

from typing import Any, Final

from bs4 import BeautifulSoup, SoupStrainer, Tag

_CONTROLS: Final = SoupStrainer(["input", "select", "textarea"])
_TYPED: Final = ("text", "hidden", "number", "date")


def filled(html: bytes, **changes: Any) -> dict[str, str]:
    """The values of a page's forms, as a browser submits them, with some of them changed."""
    page = BeautifulSoup(html, "html.parser", parse_only=_CONTROLS)
    sent = ((str(control["name"]), _value(control)) for control in page.select("[name]"))
    return {name: value for name, value in sent if name and value is not None} | changes


def _value(control: Tag) -> str | None:
    """What a control sends, None for nothing."""
    if control.name == "textarea":
        # The line break after the opening tag is not part of the value.
        return control.get_text().removeprefix("\r\n").removeprefix("\n")
    if control.name == "select":
        chosen = control.select("option[selected]") or control.select("option")[:1]
        return str(chosen[-1].get("value", "")) if chosen else None
    kind = control.get("type")
    if kind not in _TYPED and not control.has_attr("checked"):
        return None
    return str(control.get("value") or ("on" if kind == "checkbox" else ""))
