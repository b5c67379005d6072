"""Codes that a person types into a question: which answer they are, or why they are none."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from wizard.engine.snapshot import CODE, CODE_LENGTH, Question, Snapshot
from wizard.models import UnknownCode
from wizard.pasted import reader
from wizard.published import catalogue
from wizard.sms.codes import shape
from wizard.sms.personal import MAX_TEXT, looks_personal
from wizard.walks.near_codes import near

logger = logging.getLogger("wizard.typed_codes")


@dataclass(frozen=True, slots=True)
class TypedCode:
    """What came from the form: a `value` for the address, or an `error` about what was `typed`.

    `url` is the page of a code that cannot be used here; `unknown` is the code if no guide lists
    it, for `record_unknown`; `near` are listed codes that may have been meant.
    """

    value: str = ""
    error: str = ""
    typed: str = ""
    url: str = ""
    unknown: str = ""
    near: tuple[str, ...] = ()


def read(snapshot: Snapshot, question: Question, form: Mapping[str, str]) -> TypedCode:
    """Take the typed code if this question's catalogue has it, or else the chosen answer.

    What is pasted into the field is read as the box reads it, and its first code that answers the
    question is taken. A chosen code is one that was offered for what had been typed before.
    """
    typed = form.get("code", "").strip()[:MAX_TEXT]
    given = form.get(question.key, "")
    chosen = question.answer(given)
    if chosen is None and _answers(snapshot, question, given):
        return TypedCode(value=given.strip().upper())
    if not typed:
        if chosen is not None:
            return TypedCode(value=chosen.key)
        return TypedCode(error=_("Type the code, or choose an answer to go on"))
    meant = near(typed)
    for code in _codes_in(typed):
        # What has not the form of a code belongs to a family by its first letters only, and a code
        # that does not stand there was put right by the reading.
        doubtful = meant and (not shape(code) or code not in typed.upper())
        if _answers(snapshot, question, code) and not doubtful:
            return TypedCode(value=code)
    meant = tuple(code for code in meant if _answers(snapshot, question, code))
    if meant:
        error = _("We do not know this code. Choose the one that you mean, or correct it")
        return TypedCode(error=error, typed=typed, near=meant, unknown=typed.upper())
    return _unusable(typed)


def _codes_in(typed: str) -> list[str]:
    """What was typed as it stands, then the codes that are read in it."""
    read_in = reader.read(typed, known=catalogue.is_known).codes
    return [typed.upper()[:CODE_LENGTH], *(seen.code for seen in read_in)]


def _answers(snapshot: Snapshot, question: Question, code: str) -> bool:
    row = snapshot.catalogue.find(code, question.catalogue) if code else None
    return row is not None and row.to != question.key


def _unusable(typed: str) -> TypedCode:
    """Why nothing of what was typed answers the question."""
    codes = _codes_in(typed)
    listed = next(filter(catalogue.find, codes), "")
    if listed:
        error = _("This code is known, but it belongs to another list")
        return TypedCode(error=error, typed=typed, url=catalogue.code_url(listed))
    unknown = next(filter(_is_code, codes), "")
    url = catalogue.code_url(unknown) if unknown else ""
    error = _("We do not know this code yet. Check how it is spelt")
    return TypedCode(error=error, typed=typed, url=url, unknown=unknown)


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
