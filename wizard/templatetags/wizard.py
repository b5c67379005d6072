"""Template words of the wizard."""

from django import template
from django.utils.safestring import SafeString

from wizard.markdown import render

register = template.Library()

register.filter("markdown", render)


@register.filter
def inline_markdown(text: str) -> SafeString:
    """A Markdown text of one paragraph without the paragraph around it, as for a step."""
    html = render(text).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return SafeString(inner if "<p>" not in inner else html)
