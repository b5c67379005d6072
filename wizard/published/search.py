"""Words to causes: the outcomes that fit a symptom in a person's own words."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.urls import reverse

from wizard.engine.snapshot import Outcome, Snapshot
from wizard.published.live import EDITIONS, Edition, live
from wizard.web.addresses import jump

_WORD: Final = re.compile(r"[^\W\u2e80-\u9fff]{3,40}")
# Chinese has no spaces: two characters that stand together are what comes closest to a word.
_PAIR: Final = re.compile(r"(?=([\u3400-\u9fff]{2}))")
_SHOWN: Final = 6
# Words that every text about SMS holds tell nothing apart.
_EVERYWHERE: Final = frozenset(
    "the and for not has have had was were are did does that this with from sms message messages "
    "text texts phone send sent get got any all but our your you she him her his its they them "
    "what why how when who can cannot could would should will won been being just only "
    "短信 信息 消息 没有 什么 怎么 为什 收到 手机 发送 我的".split()
)


@dataclass(frozen=True, slots=True)
class Match:
    """An outcome that fits what was written, and the walk that leads to it.

    `guide` is the title of its guide where there are several, for their outcomes may be alike.
    """

    title: str
    url: str
    guide: str


def find(text: str) -> list[Match]:
    """The outcomes of all live guides that share most words with a text, best first."""
    index = _index(live.edition)
    shared = Counter(place for word in _tokens(text[:500]) for place in index.holding.get(word, ()))
    best = sorted(shared, key=lambda place: (-shared[place], place))[:_SHOWN]
    return [match for place in best if (match := index.matches[place])]


@dataclass(frozen=True, slots=True)
class _Index:
    """The outcomes of an edition, guide by guide, None for one that nothing leads to.

    `holding`: the places of those that hold a word.
    """

    matches: Sequence[Match | None]
    holding: Mapping[str, Sequence[int]]


@lru_cache(maxsize=EDITIONS)
def _index(edition: Edition) -> _Index:
    matches: list[Match | None] = []
    holding: dict[str, list[int]] = {}
    for snapshot in edition.guides:
        guide = snapshot.title if len(edition.guides) > 1 else ""
        for outcome in snapshot.outcomes.values():
            for word in _tokens(f"{outcome.title} {outcome.happened}"):
                holding.setdefault(word, []).append(len(matches))
            matches.append(_match(outcome, snapshot, guide))
    return _Index(matches, holding)


def _tokens(text: str) -> set[str]:
    words = {_stem(word) for word in _WORD.findall(text.lower())}
    return (words | set(_PAIR.findall(text))) - _EVERYWHERE


def _stem(word: str) -> str:
    """Good enough to let "delivered" meet "delivery" and "blocked" meet "block"."""
    for ending in ("ing", "ed", "ies", "es", "y", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def _match(outcome: Outcome, snapshot: Snapshot, guide: str) -> Match | None:
    if outcome.key not in snapshot.reachable:
        return None
    url = jump(reverse("wizard:walk", args=[snapshot.slug]), outcome.key)
    return Match(outcome.title, url, guide)
