"""A small published guide for tests of pages: every kind of node, none of the real content."""

from typing import Any

from wizard import drafts, publishing
from wizard.live import live
from wizard.models import Publication

DOCUMENT: dict[str, Any] = {
    "format": 1,
    "guide": {
        "slug": "toy",
        "title": "My parcel did not arrive",
        "summary": "For people who wait for a parcel.",
        "start": "seen",
    },
    "questions": [
        {
            "key": "seen",
            "text": "Where was the parcel seen last?",
            "why": "It tells us who has it.",
            "help": "Look at the **slip**.",
            "agent_note": "SECRET-AGENT-NOTE",
            "answers": [
                {
                    "key": "shop",
                    "label": "In the shop",
                    "hint": "On the shelf",
                    "to": "packed",
                    "rules": ["report.present is false and message.age < 1"],
                },
                {
                    "key": "van",
                    "label": "In the van",
                    "to": "slip",
                    "rules": ["report.present is true"],
                },
                {"key": "dont-know", "label": "I don't know", "unsure": True, "to": "ask"},
            ],
        },
        {
            "key": "slip",
            "kind": "code",
            "text": "Which code is on the slip?",
            "why": "The code names the reason.",
            "catalogue": "status",
            "fact": "report.status",
            "answers": [
                {"key": "no-code", "label": "There is no code", "unsure": True, "to": "ask"}
            ],
        },
    ],
    "outcomes": [
        {
            "key": "packed",
            "title": "It waits to be packed",
            "happened": "The shop has not packed it *yet*.",
            "certainty": "likely",
            "certainty_note": "You saw it on the shelf.",
            "stopped_at": "sender",
            "next_actor": "admin",
            "steps": [
                {
                    "audience": "admin",
                    "text": "Pack it.",
                    "see": "A box.",
                    "time": "5 minutes",
                    "link": "/codes/",
                }
            ],
            "come_back": "Look again then.",
            "come_back_minutes": 60,
            "still_failing": "Ring the shop.",
            "otherwise": "slip",
            "hand_over_when": "It is not packed tomorrow.",
            "attach": ["the order number"],
            "agent_note": "SECRET-AGENT-NOTE",
            "reply": "SECRET-REPLY",
        },
        {
            "key": "ask",
            "title": "Somebody has to look",
            "happened": "We cannot tell.",
            "certainty": "unclear",
            "certainty_note": "Nothing is known.",
            "next_actor": "support",
            "no_steps": "There is nothing for you to do.",
            "come_back": "Come back when you know more.",
            "hand_over": "always",
        },
    ],
    "codes": [
        {
            "code": "DELIVRD",
            "meaning": "It was handed over.",
            "causes": ["The door was open"],
            "steps": ["Look behind the door."],
            "next_actor": "recipient",
            "checked_on": "2026-11-23",
            "to": "ask",
            "sources": ["api_0051"],
        },
        {"code": "MK:*", "source": "carrier", "meaning": "The van says so.", "to": "ask"},
        {"code": "E000101", "namespace": "api", "meaning": "The shop is locked.", "to": "packed"},
    ],
}
DOCUMENT["questions"].append(
    {
        "key": "lock",
        "kind": "code",
        "text": "Which code is on the lock?",
        "why": "It says who locked it.",
        "catalogue": "api",
        "fact": "api.code",
        "answers": [{"key": "no-lock", "label": "None", "unsure": True, "to": "ask"}],
    }
)
DOCUMENT["questions"][0]["answers"].insert(2, {"key": "locked", "label": "Locked", "to": "lock"})


def publish(document: dict[str, Any] = DOCUMENT) -> Publication:
    """Load the document as a draft and make it what visitors read."""
    publication = publishing.publish(drafts.load(document), by=None)
    live.refresh()
    return publication


CALLS: dict[str, Any] = {
    "format": 1,
    "guide": {"slug": "calls", "title": "The shop does not answer", "start": "answer"},
    "questions": [
        {
            "key": "answer",
            "text": "What does the shop say?",
            "why": "It tells us who can open it.",
            "answers": [
                {
                    "key": "code",
                    "label": "A code",
                    "to": "call-code",
                    "rules": ["api.code not in 000000"],
                },
                {"key": "nothing", "label": "Nothing", "unsure": True, "to": "ring"},
            ],
        },
        {
            "key": "call-code",
            "kind": "code",
            "text": "Which code does the shop say?",
            "why": "The code names the reason.",
            "catalogue": "api",
            "fact": "api.code",
            "answers": [{"key": "none", "label": "None", "unsure": True, "to": "ring"}],
        },
    ],
    "outcomes": [
        {
            "key": "ring",
            "title": "Ring the bell",
            "happened": "Nobody heard you, the bell has to ring.",
            "certainty_note": "The shop is silent.",
            "no_steps": "The bell rings by itself.",
            "come_back": "Come back tomorrow.",
        },
    ],
    "codes": [
        {"code": "E000101", "namespace": "api", "meaning": "The key is another one.", "to": "ring"},
        {"code": "E0*", "namespace": "api", "meaning": "The shop refuses.", "to": "ring"},
    ],
}
"""A second guide, which begins nearer to a refused call and lists a code of the first one too."""
