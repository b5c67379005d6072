"""A small published guide for tests of pages: every kind of node, none of the real content.

It comes in English alone, and in English and Chinese.
"""

from typing import Any

from wizard.authoring import loading, publishing
from wizard.models import Publication
from wizard.published.live import live

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

CHINESE: dict[str, str] = {
    "My parcel did not arrive": "包裹没收到",
    "For people who wait for a parcel.": "写给等包裹的人。",
    "Where was the parcel seen last?": "包裹最后出现在哪里？",
    "It tells us who has it.": "由此可知包裹在谁手里。",
    "Look at the **slip**.": "请看**取件单**。",
    "SECRET-AGENT-NOTE": "SECRET-AGENT-NOTE",
    "In the shop": "在店里",
    "On the shelf": "在货架上",
    "In the van": "在车上",
    "Locked": "锁着",
    "I don't know": "不清楚",
    "Which code is on the slip?": "取件单上是什么代码？",
    "The code names the reason.": "代码说明原因。",
    "There is no code": "没有代码",
    "Which code is on the lock?": "锁上是什么代码？",
    "It says who locked it.": "由此可知是谁锁的。",
    "None": "没有",
    "It waits to be packed": "等待打包",
    "The shop has not packed it *yet*.": "店里*还没有*打包。",
    "You saw it on the shelf.": "您在货架上看到了它。",
    "Pack it.": "打包。",
    "A box.": "一个箱子。",
    "5 minutes": "五分钟",
    "Look again then.": "到时再看。",
    "Ring the shop.": "打电话给店里。",
    "It is not packed tomorrow.": "明天还没有打包。",
    "the order number": "订单号",
    "SECRET-REPLY": "SECRET-REPLY",
    "Somebody has to look": "需要有人去看",
    "We cannot tell.": "无法判断。",
    "Nothing is known.": "什么都不知道。",
    "There is nothing for you to do.": "您什么都不用做。",
    "Come back when you know more.": "了解更多后再来。",
    "It was handed over.": "已交出。",
    "The door was open": "门没关",
    "Look behind the door.": "看看门后。",
    "The van says so.": "车上是这么说的。",
    "The shop is locked.": "店锁着。",
}
IN_BOTH_LANGUAGES: dict[str, Any] = {
    **DOCUMENT,
    "translations": {
        "zh-hans": [
            {"text": text, "translation": translation} for text, translation in CHINESE.items()
        ]
    },
}


def publish(document: dict[str, Any] = DOCUMENT) -> Publication:
    """Load the document as a draft and make it what visitors read."""
    publication = publishing.publish(loading.load(document), by=None)
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
