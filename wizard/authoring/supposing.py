"""What an author supposes in a preview: facts, where the walk begins, and whose skin it wears.

It travels in the address of the preview, for nothing of it is kept.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from wizard.engine.evidence import EMPTY, FACTS, Evidence, Fact, FactKind, Finding, Value
from wizard.engine.snapshot import Snapshot
from wizard.wording import evidence as wording_evidence

SOURCE: Final = "what if"
"""The source of what an author supposes."""

_EMPTY: Final = "empty"
_MAX: Final = 80
Skin = Literal["customer", "agent"]


@dataclass(frozen=True, slots=True)
class Supposed:
    """`facts` are texts by the name of their fact, as typed; `empty`: looked up, nothing there."""

    facts: Mapping[str, str] = field(default_factory=dict)
    start: str = ""
    skin: Skin = "customer"

    def evidence(self, now: datetime) -> Evidence:
        """The findings. What is no value of its fact is left out, as `wrong` says."""
        values = {name: _value(FACTS[name], text) for name, text in self.facts.items()}
        return {
            name: Finding(name, value, SOURCE, now)
            for name, value in values.items()
            if value is not None
        }

    @property
    def wrong(self) -> list[str]:
        """The facts whose text is no value of theirs."""
        return [name for name, text in self.facts.items() if _value(FACTS[name], text) is None]


def from_form(form: Mapping[str, str]) -> Supposed:
    """What was typed into the form; unknown names are left out."""
    facts = {name: form.get(name, "").strip()[:_MAX] for name in FACTS}
    return Supposed(
        facts={name: text for name, text in facts.items() if text},
        start=form.get("start", "")[:_MAX],
        skin="agent" if form.get("skin") == "agent" else "customer",
    )


def packed(supposed: Supposed) -> str:
    """As a part of an address."""
    kept = {**supposed.facts, "start": supposed.start, "skin": supposed.skin}
    text = json.dumps(kept, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def unpacked(text: str) -> Supposed | None:
    """What `packed` wrote; None for anything else."""
    try:
        kept = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(kept, dict) or not all(isinstance(one, str) for one in kept.values()):
        return None
    return from_form(kept)


def _value(fact: Fact, text: str) -> Value | None:
    """The value that a text stands for; None where it stands for none."""
    if text == _EMPTY:
        return EMPTY
    if fact.kind is FactKind.YES_NO:
        return {"true": True, "false": False}.get(text)
    if fact.kind is FactKind.CHOICE:
        return text if text in fact.choices else None
    if fact.kind is FactKind.NUMBER:
        return _number(text)
    return text if fact.kind is FactKind.TEXT else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None  # neither endless nor no number


# --- the form -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactField:
    """One field of the form. `choices` are values and their words; without any it is typed."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...]
    wrong: bool


def fields(snapshot: Snapshot, supposed: Supposed) -> Iterator[FactField]:
    """A field for each fact that some question of the guide goes by."""
    used, wrong = _used(snapshot), supposed.wrong
    for name, fact in FACTS.items():
        if name in used and fact.kind is not FactKind.MOMENT:
            label, value = wording_evidence.ASKED_FOR[name], supposed.facts.get(name, "")
            yield FactField(name, str(label), value, _choices(fact), name in wrong)


def _used(snapshot: Snapshot) -> set[str]:
    questions = snapshot.questions.values()
    rules = (rule for one in questions for answer in one.answers for rule in answer.rules)
    return {condition.fact for rule in rules for condition in rule.conditions} | {
        one.fact for one in questions if one.kind == "code"
    }


def _choices(fact: Fact) -> tuple[tuple[str, str], ...]:
    values = ("true", "false") if fact.kind is FactKind.YES_NO else fact.choices
    return tuple((text, _words(fact, text)) for text in values)


def _words(fact: Fact, text: str) -> str:
    found = _value(fact, text)
    return text if found is None else str(wording_evidence.value(Finding(fact.name, found, SOURCE)))
