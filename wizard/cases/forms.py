"""What the forms of a case mean: one verb for each of their buttons, at both doors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from wizard.cases import answering
from wizard.cases.standing import Standing
from wizard.engine.walk import ASK
from wizard.walks import typed_codes
from wizard.wording.cases import CHOOSE_FIRST


class Complaint(TypedDict, total=False):
    """What a page says of a form that gave nothing."""

    error: str
    typed: str
    typed_url: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why nothing was given. All "" if the form was of another page.

    `unknown` is a code that no guide lists, for `typed_codes.record_unknown`; `near` are those that
    may have been meant.
    """

    error: str = ""
    typed: str = ""
    typed_url: str = ""
    unknown: str = ""
    near: tuple[str, ...] = ()

    @property
    def told(self) -> Complaint:
        """What the page says of it, as `walk_page` takes it."""
        return {
            "error": self.error,
            "typed": self.typed,
            "typed_url": self.typed_url,
            "near": self.near,
        }


def give(
    standing: Standing, form: Mapping[str, str], *, now: datetime, by: str = ""
) -> Unanswered | None:
    """Do what the form says.

    Args:
        form: as `said` takes it.
        by: the user name of an agent, "" for the customer.

    Returns:
        What is wrong with it, None if it was done.
    """
    found = said(standing, form)
    if isinstance(found, Unanswered):
        typed_codes.record_unknown(found.unknown)
        return found
    key, value = found
    token = standing.case.token
    try:
        if value:
            answering.give(token, key=key, value=value, now=now, by=by)
        else:
            answering.withdraw(token, key=key, now=now, by=by)
    except answering.NotAnAnswer:
        # From a page of long ago, or made up: the case as it is says what there is to answer.
        return Unanswered()
    return None


def said(standing: Standing, form: Mapping[str, str]) -> tuple[str, str] | Unanswered:
    """What a form gives: the key of a node and what is given there, "" to take it back.

    Nothing is stored.

    Args:
        form: `overrule` or `withdraw` with the key of a question; `feedback` with `outcome`; or
            `_continue` with the key of a question, and its answer.
    """
    if "overrule" in form:
        return form["overrule"], ASK
    if "withdraw" in form:
        return form["withdraw"], ""
    if "feedback" in form:
        return form.get("outcome", ""), form["feedback"]
    return _answer(standing, form)


def _answer(standing: Standing, form: Mapping[str, str]) -> tuple[str, str] | Unanswered:
    asked = form.get("_continue", "")
    question = standing.snapshot.questions.get(asked)
    if question is None:
        return Unanswered()
    if question.kind == "code":
        sent = typed_codes.read(standing.snapshot, question, form)
        if sent.value:
            return asked, sent.value
        return Unanswered(sent.error, sent.typed, sent.url, sent.unknown, sent.near)
    if not form.get(asked):
        here = standing.walk.question == question
        return Unanswered(str(CHOOSE_FIRST) if here else "")
    return asked, form[asked]
