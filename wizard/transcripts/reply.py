"""The reply that an agent may send to a customer: an author's text with its placeholders filled.

What stands in no list of `wizard.engine.checks.PLACEHOLDERS`, or is not known for this case, takes
its sentence with it: a customer never sees a placeholder.
"""

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from wizard.cases.standing import Standing
from wizard.engine.checks import PLACEHOLDER, PLACEHOLDERS
from wizard.transcripts.writing import day_and_time, one_line
from wizard.walks.page import WalkPage

# A sentence ends at its mark, closing quotes included, where white space follows and no small
# letter after that; Chinese needs no white space. So "e.g. this" does not end one.
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"”’)»]*\s++(?![a-z])|(?<=[。！？])")


def reply(standing: Standing, page: WalkPage, *, link: str = "") -> str:
    """The outcome's reply for this case, with the case's reference on its last line.

    "" at a question, and where the outcome has no reply or nothing of it could be filled.

    Args:
        page: of its walk, which has what the placeholders stand for.
        link: the address at which the customer can see the case, "" if they have none.
    """
    outcome = standing.walk.outcome
    if outcome is None:
        return ""
    text = _filled(outcome.reply, _values(standing, page, link))
    if not text:
        return ""
    last = _("Case reference: %(reference)s") % {"reference": standing.case.reference}
    return f"{text}\n\n{last}"


def _values(standing: Standing, page: WalkPage, link: str) -> dict[str, str]:
    """What each placeholder stands for in this case, "" for what is not known."""
    case = standing.case
    values = {
        "reference": case.reference,
        "message_id": case.message_id,
        "recipient": case.recipient_masked,
        "code": page.typed_code,
        "come_back": day_and_time(page.come_back_at) if page.come_back_at else "",
        "link": link,
    }
    return {name: one_line(values[name]) for name in PLACEHOLDERS}


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The text without the sentences that cannot be filled, and without the lines left empty."""
    lines = []
    for line in text.strip().splitlines():
        filled = _filled_line(line, values)
        if filled or not line.strip():
            lines.append(filled)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _filled_line(line: str, values: Mapping[str, str]) -> str:
    kept, at = [], 0
    for end in [*_SENTENCE_END.finditer(line), None]:
        sentence = line[at : end.end() if end else len(line)]
        at = end.end() if end else at
        if _can_be_filled(sentence, values):
            kept.append(PLACEHOLDER.sub(lambda found: values[found[1]], sentence))
    return "".join(kept).rstrip()


def _can_be_filled(sentence: str, values: Mapping[str, str]) -> bool:
    """Whether each placeholder has a value, and no brace is left beside them."""
    if any(not values[found[1]] for found in PLACEHOLDER.finditer(sentence)):
        return False
    return not set("{}") & set(PLACEHOLDER.sub("", sentence))
