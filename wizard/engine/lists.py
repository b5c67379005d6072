"""The closed lists of a guide: what a field of few values may hold, in the order of its choices.

Each list stands here alone. The checks, the reading of documents and the fields of the models are
made of it; `wizard/wording/evidence.py` and `wizard/walks/page.py` have the words of each value.
"""

from typing import Final, Literal, get_args

QuestionKind = Literal["choice", "code"]
QUESTION_KINDS: Final[tuple[QuestionKind, ...]] = get_args(QuestionKind)

Namespace = Literal["api", "status"]
"""Which list a code belongs to: the same word means different things in each."""
NAMESPACES: Final[tuple[Namespace, ...]] = get_args(Namespace)

CERTAINTIES: Final = ("confirmed", "likely", "possible", "unclear")
STATIONS: Final = ("sender", "platform", "carrier", "phone")
HAND_OVERS: Final = ("never", "if-failing", "always")

AUDIENCES: Final = ("recipient", "developer", "admin", "support", "platform")
"""Who can do a step. The roles are those of `docs/facts/troubleshooting.md`, "Roles"."""
ACTORS: Final = (*AUDIENCES, "nobody")
"""Who acts next."""

CODE_SOURCES: Final = ("platform", "supplier", "carrier", "either")
"""Who makes a code."""

REPORT_SOURCES: Final = ("1", "2", "3")
"""Who made a status report (`docs/facts/protocols.md`, "Single reports")."""

Region = Literal["mainland", "international"]
REGIONS: Final[tuple[Region, ...]] = get_args(Region)
"""Where a number belongs."""
CODE_REGIONS: Final = ("all", *REGIONS)
"""Where a code appears."""
