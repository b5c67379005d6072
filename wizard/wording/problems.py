"""What the checks find, in sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wizard.engine.checks import Problem
from wizard.engine.rules import RuleError
from wizard.wording.codes import CAUSES
from wizard.wording.guide import ACTORS_TO_CHOOSE
from wizard.wording.languages import language_name

RULE_PROBLEMS: Final[Mapping[str, Promise]] = {
    "no-condition": _("“%(text)s” is not a condition, such as: report.status is DELIVRD"),
    "unknown-fact": _("No look-up gives the fact “%(fact)s”."),
    "operator": _("“%(fact)s” cannot be compared with “%(operator)s”."),
    "one-value": _("“%(operator)s” takes one value: “%(text)s”."),
    "order": _("“%(low)s” comes after “%(high)s”."),
    "comma": _("There is a comma too many in “%(text)s”."),
    "choice": _("“%(fact)s” is never “%(value)s”; it is one of: %(allowed)s."),
    "yes-no": _("“%(fact)s” is true or false, not “%(value)s”."),
    "number": _("“%(fact)s” is a number, not “%(value)s”."),
}

PROBLEMS: Final[Mapping[str, Promise]] = {
    "no-start": _("The guide has no start question."),
    "broken-start": _("The guide starts at “%(target)s”, which is not one of its questions."),
    "no-target": _("The answer “%(answer)s” leads nowhere."),
    "broken-target": _("The answer “%(answer)s” leads to “%(target)s”, which does not exist."),
    "broken-otherwise": _("“Still failing” leads to “%(target)s”, which does not exist."),
    "code-no-target": _("The code %(code)s leads nowhere."),
    "code-broken-target": _("The code %(code)s leads to “%(target)s”, which does not exist."),
    "cause-not-known": _("“%(cause)s” is no cause."),
    "cause-no-target": _("The cause “%(cause)s” leads nowhere."),
    "cause-broken-target": _("The cause “%(cause)s” leads to “%(target)s”, which does not exist."),
    "cause-not-led": _("Codes have the cause “%(cause)s”, and the guide does not say where to."),
    "unreachable-question": _("No answer leads to this question."),
    "unreachable-outcome": _("No answer and no code leads to this outcome."),
    "cycle": _("The guide goes in a circle: %(circle)s."),
    "no-answers": _("The question has no answers."),
    "one-answer": _("The question has only one answer, so it need not be asked."),
    "no-way-without-code": _("A question for a code needs exactly one “I don't know” answer."),
    "many-unsure": _("More than one answer is marked “I don't know”."),
    "question-without-text": _("The question has no text."),
    "same-text": _("The question “%(other)s” asks with the same words."),
    "question-without-why": _("The question does not say why it is asked."),
    "answer-without-label": _("An answer has no text."),
    "unknown-fact": RULE_PROBLEMS["unknown-fact"],
    "overlap": _(
        "The rules of “%(one)s” and “%(other)s” can hold at the same time: neither would be taken."
    ),
    "dead-end": _(
        "The outcome has no steps, no hand-over and no reason why nothing needs to be done."
    ),
    "nothing-to-do": _("The outcome has no steps, and does not say why nothing needs to be done."),
    "first-step-audience": _(
        "Who acts next is “%(actor)s”, but the first step is for “%(audience)s”."
    ),
    "no-way-on": _("Someone for whom this fails has no way on: no hand-over, no next question."),
    "outcome-without-title": _("The outcome has no title."),
    "outcome-without-happened": _("The outcome does not say what happened."),
    "outcome-without-certainty_note": _("The outcome does not say how we know."),
    "outcome-without-come_back": _("The outcome does not say when to come back."),
    "not-one-of": _("The value is not one of: %(allowed)s."),
    "reply-placeholder": _(
        "The reply has “%(placeholder)s”, which nothing fills in; what can be: %(allowed)s."
    ),
    "step-text": _("Step %(number)s has no text."),
    "step-audience": _("Step %(number)s does not say who does it."),
    "step-link": _("Step %(number)s: a link begins with https:// or with /."),
    "code-without-meaning": _("The code %(code)s has no meaning."),
    "code-not-one-of": _("The code %(code)s: the value is not one of: %(allowed)s."),
    "codes-not-asked": _(
        "The guide has codes of the list “%(namespace)s”, but no question asks for one."
    ),
    "no-translation": _("The guide is not translated: %(language)s."),
    "untranslated": _("Not translated (%(language)s), %(count)s in all: “%(text)s”"),
}


def rule_problem(error: RuleError) -> str:
    """What is wrong with a rule that an author typed."""
    return str(RULE_PROBLEMS[error.name]) % error.params


def problem(found: Problem) -> str:
    """The sentence for one finding of the checks."""
    if found.name in PROBLEMS:
        words = _language(found) | _people(found) | _cause(found)
        return str(PROBLEMS[found.name]) % {**found.params, **words}
    rule = RULE_PROBLEMS[found.name.removeprefix("rule-")] % found.params
    return _("The rule “%(rule)s” cannot be read. %(why)s") % {
        "rule": found.params["rule"],
        "why": rule,
    }


def _people(found: Problem) -> dict[str, str]:
    named = {name: found.params[name] for name in ("actor", "audience") if name in found.params}
    return {name: str(ACTORS_TO_CHOOSE[value]) for name, value in named.items()}


def _cause(found: Problem) -> dict[str, str]:
    name = found.params.get("cause")
    return {"cause": str(CAUSES.get(name, name))} if name else {}


def _language(found: Problem) -> dict[str, str]:
    code = found.params.get("language")
    return {"language": language_name(code)} if code else {}
