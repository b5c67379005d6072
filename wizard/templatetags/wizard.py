"""Template words of the wizard."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wizard.engine.languages import Untranslated
from wizard.web.languages import LanguageLink, here, links
from wizard.wording.markdown import render

register = template.Library()

register.filter("markdown", render)
register.filter("here", here)


@register.simple_tag
def lang(text: str) -> str:
    """The `lang` attribute of an element whose text is not in the language of the page."""
    return format_html(' lang="{}"', text.language) if isinstance(text, Untranslated) else ""


@register.simple_tag
def site_version() -> str:
    """The version of the site, for people who report what went wrong."""
    return settings.VERSION


@register.simple_tag(takes_context=True)
def page_languages(context: template.Context) -> list[LanguageLink]:
    """The page in each language, for a page that no view of ours has made."""
    return links(context["request"])


@register.filter
def inline_markdown(text: str) -> SafeString:
    """A Markdown text of one paragraph without the paragraph around it, as for a step."""
    html = render(text).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return SafeString(inner if "<p>" not in inner else html)
