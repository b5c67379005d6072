"""Guides of any size, as bushy as a real one: each question leads to three nodes."""

from typing import Any

_TEXT = "The carrier could not reach the phone, so it may be keeping the SMS and trying again. "


def document(nodes: int) -> dict[str, Any]:
    """A guide of about `nodes` questions and outcomes in all, named `nodes-<nodes>`."""
    inner = nodes // 3
    return {
        "format": 1,
        "guide": {"slug": f"nodes-{nodes}", "title": f"Guide of {nodes}", "start": "n0"},
        "questions": [_question(number, nodes) for number in range(inner)],
        "outcomes": [_outcome(number) for number in range(inner, nodes)],
    }


def _question(number: int, nodes: int) -> dict[str, Any]:
    children = [min(3 * number + child, nodes - 1) for child in (1, 2, 3)]
    return {
        "key": f"n{number}",
        "text": f"What does the report of case {number} say?",
        "why": "It tells us at which point on its way the SMS stopped.",
        "help": "Look at **Sending Details** in the console.\n\n- At most 7 days a query.",
        "answers": [
            {"key": f"a{place}", "label": f"Answer {place}", "hint": _TEXT[:59], "to": f"n{child}"}
            for place, child in enumerate(children)
        ],
    }


def _outcome(number: int) -> dict[str, Any]:
    step = {"audience": "admin", "text": _TEXT, "see": "A final status.", "time": "5 minutes"}
    return {
        "key": f"n{number}",
        "title": f"The cause of case {number}",
        "happened": _TEXT * 2,
        "certainty": "likely",
        "certainty_note": "The report says so.",
        "steps": [step] * 3,
        "come_back": "Look again tomorrow.",
        "hand_over_when": "It still fails.",
        "attach": ["the message ID", "the time of sending"],
    }
