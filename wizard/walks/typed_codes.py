"""Codes that a person types into a question: which answer they are, or why they are none."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from wizard.engine.snapshot import CODE, Question, Snapshot
from wizard.models import UnknownCode
from wizard.published import catalogue
from wizard.sms.codes import shape
from wizard.sms.personal import looks_personal

logger = logging.getLogger("wizard.typed_codes")


@dataclass(frozen=True, slots=True)
class TypedCode:
    """What came from the form: a `value` for the address, or an `error` about what was `typed`.

    `url` is the page of a code that cannot be used here; `unknown` is the code if no guide lists
    it, for `record_unknown`.
    """

    value: str = ""
    error: str = ""
    typed: str = ""
    url: str = ""
    unknown: str = ""


def read(snapshot: Snapshot, question: Question, form: Mapping[str, str]) -> TypedCode:
    """Take the chosen answer, or else the typed code if this question's catalogue has it."""
    typed = form.get("code", "").strip()[:64]
    chosen = question.answer(form.get(question.key, ""))
    if not typed:
        if chosen is not None:
            return TypedCode(value=chosen.key)
        return TypedCode(error=_("Type the code, or choose an answer to go on"))
    code = typed.upper()
    row = snapshot.catalogue.find(code, question.catalogue)
    if row is not None and row.to != question.key:
        return TypedCode(value=code)
    if catalogue.find(code):
        error = _("This code is known, but it belongs to another list")
        return TypedCode(error=error, typed=typed, url=catalogue.code_url(code))
    url = catalogue.code_url(code) if _is_code(code) else ""
    error = _("We do not know this code yet. Check how it is spelt")
    return TypedCode(error=error, typed=typed, url=url, unknown=code)


def _is_code(text: str) -> bool:
    """Whether this has the form of a code, and nothing personal."""
    is_code = CODE.fullmatch(text) is not None and bool(shape(text))
    return is_code and not looks_personal(text)


def record_unknown(code: str) -> None:
    """Tell the authors that a code is asked for, if it is one and nothing personal."""
    if not _is_code(code):
        return
    try:
        UnknownCode.objects.record(code, keep=settings.UNKNOWN_CODES_KEPT)
    except DatabaseError as error:
        # The visitor's page matters more than the note for the authors.
        logger.warning("an unknown code could not be recorded: %s", error)
