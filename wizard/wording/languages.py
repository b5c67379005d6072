"""The names of languages."""

from django.utils import translation


def language_name(code: str) -> str:
    """What a language is called in the language of the page; its code if nobody knows it."""
    try:
        name: str = translation.get_language_info(code)["name_translated"]
    except KeyError:
        return code
    return name
