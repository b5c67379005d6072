"""Toy guides, and hypothesis strategies for whole guides, evidence and answers."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from wizard.engine.document import compile_document
from wizard.engine.evidence import EMPTY, FACTS, Evidence, FactKind, Finding
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import ASK

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def toy(**changes: Any) -> dict[str, Any]:
    """A sound guide: a question with rules, a code question, an outcome that goes on to another."""
    return {
        "format": 1,
        "guide": {"slug": "toy", "title": "Toy", "start": "report"},
        "questions": [
            {
                "key": "report",
                "text": "Is there a report?",
                "why": "It says what became of it.",
                "answers": [
                    {
                        "key": "delivered",
                        "label": "Yes, delivered",
                        "to": "junk",
                        "rules": ["report.present is true and report.status is DELIVRD"],
                    },
                    {
                        "key": "recent",
                        "label": "None yet",
                        "to": "wait",
                        "rules": ["report.present is false and message.age < 72"],
                    },
                    {
                        "key": "old",
                        "label": "None after 72 hours",
                        "to": "lost",
                        "rules": ["report.present is false and message.age >= 72"],
                    },
                    {"key": "failed", "label": "Yes, failed", "to": "code"},
                ],
            },
            {
                "key": "code",
                "kind": "code",
                "text": "Which code?",
                "why": "It names the cause.",
                "catalogue": "status",
                "fact": "report.status",
                "answers": [{"key": "none", "label": "None", "unsure": True, "to": "lost"}],
            },
        ],
        "outcomes": [
            outcome("junk", otherwise="lost"),
            outcome("wait"),
            outcome("lost", hand_over="always"),
        ],
        "codes": [
            {"code": "EXPIRED", "meaning": "Timed out.", "to": "wait"},
            {"code": "MK:*", "meaning": "The carrier says so.", "to": "junk"},
            {"code": "MK:0044", "meaning": "More exactly.", "to": "lost"},
        ],
        **changes,
    }


def outcome(key: str, **changes: Any) -> dict[str, Any]:
    return {
        "key": key,
        "title": key.title(),
        "happened": "Something.",
        "certainty_note": "We know.",
        "come_back": "Later.",
        "next_actor": "admin",
        "steps": [{"audience": "admin", "text": "Look."}],
        **changes,
    }


def snapshot(**changes: Any) -> Snapshot:
    return compile_document(toy(**changes))


def known(**values: Any) -> Evidence:
    """Findings by fact, with an underscore for the dot: known(report_status="DELIVRD")."""
    names = {name.replace("_", ".", 1): value for name, value in values.items()}
    return {name: Finding(name, value, "test", NOON) for name, value in names.items()}


def delivered() -> Evidence:
    """A report has come, and says DELIVRD."""
    return known(report_present=True, report_status="DELIVRD")


def aged(hours: float) -> Evidence:
    """No report, and a message accepted that many hours before noon."""
    accepted = NOON - timedelta(hours=hours)
    return known(report_present=False, message_accepted_at=accepted)


# --- strategies -----------------------------------------------------------------------------------

# How large a guide is, hypothesis draws and shrinks; what stands in it follows from a seed, for to
# draw every part would make the tests twenty times slower.
_SIZES = st.integers(2, 8)
_SEEDS = st.integers(0, 2**32).map(Random)
_KEYS = [f"n{number}" for number in range(8)]
_CODES = ("EXPIRED", "MK:*", "MK:", "E000101")
RULES = [
    "report.status is DELIVRD",
    "report.status starts with MK:",
    "report.present is false and message.age < 72",
    "report.present is false and message.age >= 72",
    "api.code not in 000000",
    "api.code is absent",
    "report.source in 1, 3",
    "package.remaining < 1",
    "report.status is empty",
]


@st.composite
def guides(draw: st.DrawFn) -> Snapshot:
    """Any guide, sound or not: targets may be missing, and it may go in circles."""
    size, dice = draw(_SIZES), draw(_SEEDS)
    keys = _KEYS[:size]
    split = dice.randint(1, size - 1)

    def target() -> str:
        return dice.choice([*keys, *keys, "", "missing"])

    questions = [
        {
            "key": key,
            "kind": dice.choice(["choice", "choice", "code"]),
            "catalogue": dice.choice(["api", "status"]),
            "fact": dice.choice(["report.status", "api.code", ""]),
            "answers": [
                {
                    "key": f"a{number}",
                    "to": target(),
                    "rules": dice.sample(RULES, dice.choice([0, 0, 1, 2])),
                }
                for number in range(dice.randint(0, 4))
            ],
        }
        for key in keys[:split]
    ]
    outcomes = [{"key": key, "otherwise": target()} for key in keys[split:]]
    codes = [
        {"code": code, "namespace": namespace, "to": target()}
        for code in _CODES
        for namespace in ("api", "status")
        if dice.random() < 0.7
    ]
    start = dice.choice([*keys[:split], *keys[:split], target()])
    parts = {"questions": questions, "outcomes": outcomes, "codes": codes}
    return compile_document({"format": 1, "guide": {"slug": "any", "start": start}, **parts})


@st.composite
def sound_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents in which the checks find nothing: every node leads to later ones alone."""
    size, dice = draw(_SIZES), draw(_SEEDS)
    keys = _KEYS[:size]
    split = dice.randint(1, size - 1)
    namespaces = ["api", "status"]
    questions: list[dict[str, Any]] = []
    codes: list[dict[str, Any]] = []
    for place, key in enumerate(keys[:split]):
        later = keys[place + 1 :]
        # The first leads to the next node, so that each is reached; the last to all outcomes.
        targets = later if place == split - 1 else [later[0], dice.choice(later)]
        answers = [
            {"key": f"a{number}", "label": f"Answer {number}", "to": target}
            for number, target in enumerate([*targets, dice.choice(later)])
        ]
        answers[dice.randrange(len(answers))]["rules"] = [dice.choice(RULES)]
        question = {"key": key, "text": f"What of {key}?", "why": "So.", "answers": answers}
        if namespaces and dice.random() < 0.4:
            namespace = namespaces.pop()
            answers[-1]["unsure"] = True
            question |= {"kind": "code", "catalogue": namespace, "fact": "report.status"}
            codes += [
                {"code": code, "namespace": namespace, "meaning": "So.", "to": dice.choice(later)}
                for code in _CODES
            ]
        questions.append(question)
    outcomes = [
        outcome(key, otherwise=dice.choice(["", *keys[place + 1 :]]))
        for place, key in enumerate(keys)
        if place >= split
    ]
    guide = {"slug": "sound", "title": "Sound", "start": keys[0]}
    parts = {"questions": questions, "outcomes": outcomes, "codes": codes}
    return {"format": 1, "guide": guide, **parts}


def sound_guides() -> st.SearchStrategy[Snapshot]:
    """Guides in which the checks find nothing."""
    return sound_documents().map(compile_document)


def _values(kind: FactKind, choices: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """Values of a fact: twice as often of its own kind as of none that it ever has."""
    right = {
        FactKind.TEXT: ["DELIVRD", "EXPIRED", "MK:0001", "mk:7", "000000", "E000101"],
        FactKind.CHOICE: list(choices),
        FactKind.NUMBER: [0, 1, 2.5, 71.99, 72, 72.0, 100, -5],
        FactKind.YES_NO: [True, False],
        FactKind.MOMENT: [NOON, NOON - timedelta(hours=72), NOON + timedelta(days=9)],
    }[kind]
    naive = NOON.replace(tzinfo=None)
    wrong = ["", "5", "<b>", 3, True, float("nan"), float("inf"), 10**30, NOON, naive, EMPTY]
    return st.sampled_from([*right, *right, EMPTY, *wrong])


_VALUES = {name: _values(fact.kind, fact.choices) for name, fact in FACTS.items()}
_USED = sorted({rule.split()[0] for rule in RULES} | {"message.accepted_at", "report.source"})


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    """Any evidence: each fact unknown, empty, known, or of a type that it never has."""
    names = st.one_of(st.sampled_from(_USED), st.sampled_from(sorted(FACTS)))
    drawn = draw(st.lists(names, unique=True, max_size=5))
    return {name: Finding(name, draw(_VALUES[name]), "any", NOON) for name in drawn}


def answers() -> st.SearchStrategy[dict[str, str]]:
    """Anything that an address could hold: keys and values that exist, and junk."""
    good = ["a0", "a0", "a1", "a1", "a2", "a3", "yes", "no", "no", "cannot"]
    codes = ["EXPIRED", "mk:7", "MK:", "MK:*", "e000101", " EXPIRED ", "MK:<b>", "ß"]
    junk = ["", " ", "A0", "nothing", "\x00", "\ud800", "x" * 500]
    keys = st.sampled_from([*_KEYS, *_KEYS, "", "n", "unknown", "N0", "\ud800"])
    values = st.sampled_from([*good, *good, *codes, ASK, *junk])
    return st.dictionaries(keys, values, max_size=10)
