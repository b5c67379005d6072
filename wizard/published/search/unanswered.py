"""Searches that found nothing, kept for the authors without whatever could be somebody's."""

import logging
import re
from typing import Final

from django.conf import settings
from django.db import DatabaseError

from wizard.models import UnansweredSearch
from wizard.models.unanswered import WORDS_LENGTH
from wizard.sms.personal import looks_personal

logger = logging.getLogger("wizard.search")

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# What people paste, and not what they ask.
_NO_WORDS: Final = re.compile(r"[\r\n{}<>=]|://|www\.|[^\W_]{30}", re.IGNORECASE)


def note_unanswered(words: str) -> None:
    """Tell the authors what was looked for in vain, if it is words and nothing personal.

    Numbers are left out, and so is the whole of a text that could hold an address, a message ID or
    a phone number. A database that is away stops nobody.
    """
    if len(words) > WORDS_LENGTH or _NO_WORDS.search(words) or looks_personal(words):
        return
    kept = " ".join(_WORD.findall(words.lower()))
    if not kept:
        return
    try:
        UnansweredSearch.objects.record(kept, keep=settings.UNANSWERED_SEARCHES_KEPT)
    except DatabaseError as error:
        # The visitor's page matters more than the note for the authors.
        logger.warning("an unanswered search could not be recorded: %s", error)
