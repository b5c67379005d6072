"""Guide files leaving the admin."""

from typing import Any, Final

from django.http import Http404, HttpResponse

from wizard.authoring import files

_TYPES: Final = {"yaml": "application/yaml", "json": "application/json"}


def attachment(document: dict[str, Any], name: str, form: str) -> HttpResponse:
    """A document as a file to save; 404 for a form that is neither yaml nor json."""
    if form not in _TYPES:
        raise Http404
    text = files.dump(document, "json" if form == "json" else "yaml")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(text, content_type=f"{_TYPES[form]}; charset=utf-8", headers=headers)
