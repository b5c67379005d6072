"""What the checks say of a draft, in words."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from wizard.engine.checks import Problem, check
from wizard.engine.document import DocumentError, compile_document
from wizard.engine.snapshot import Snapshot


def problems_of(document: Mapping[str, Any]) -> tuple[Snapshot | None, list[Problem]]:
    """What the checks find in a draft. What cannot be read has no snapshot, and one error."""
    try:
        snapshot = compile_document(document)
    except DocumentError as error:
        return None, [Problem("error", "unreadable", "guide", "", "", params={"fault": str(error)})]
    return snapshot, checked(snapshot)


def checked(snapshot: Snapshot) -> list[Problem]:
    """What the checks find of a version that should be readable in all languages of the site."""
    return check(snapshot, [code for code, _name in settings.LANGUAGES])
