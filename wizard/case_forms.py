"""What the forms of a case mean: one verb for each of their buttons, at both doors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from wizard import cases, typed_codes
from wizard.cases import Standing
from wizard.engine.walk import AtQuestion


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why nothing was given: as `walk_page` takes it. All "" if the form was of another page."""

    error: str = ""
    typed: str = ""
    typed_url: str = ""


def give(
    standing: Standing, form: Mapping[str, str], *, now: datetime, by: str = ""
) -> Unanswered | None:
    """Do what the form says.

    Args:
        form: `overrule` or `withdraw` with the key of a question; `feedback` with `outcome`; or
            `_continue` with the key of a question, and its answer.
        by: the user name of an agent, "" for the customer.

    Returns:
        What is wrong with it, None if it was done.
    """
    token = standing.case.token
    try:
        if "overrule" in form:
            cases.overrule(token, key=form["overrule"], now=now, by=by)
        elif "withdraw" in form:
            cases.withdraw(token, key=form["withdraw"], now=now, by=by)
        elif "feedback" in form:
            key = form.get("outcome", "")
            cases.give(token, key=key, value=form["feedback"], now=now, by=by)
        else:
            return _answer(standing, form, now, by)
    except cases.NotAnAnswer:
        # From a page of long ago, or made up: the case as it is says what there is to answer.
        return Unanswered()
    return None


def _answer(
    standing: Standing, form: Mapping[str, str], now: datetime, by: str
) -> Unanswered | None:
    asked = form.get("_continue", "")
    question = standing.snapshot.questions.get(asked)
    at = standing.walk.at
    here = isinstance(at, AtQuestion) and at.question.key == asked
    if question is None:
        return Unanswered()
    if question.kind == "code":
        sent = typed_codes.read(standing.snapshot, question, form)
        if not sent.value:
            return Unanswered(sent.error, sent.typed, sent.url)
        cases.give(standing.case.token, key=asked, value=sent.value, now=now, by=by)
        return None
    if asked not in form:
        return Unanswered(_("Choose an answer to go on") if here else "")
    cases.give(standing.case.token, key=asked, value=form[asked], now=now, by=by)
    return None
