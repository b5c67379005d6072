"""The search itself: a sentence in, matches out, each with the address to begin at."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from wizard.engine.snapshot import ENGLISH, Outcome, Question, Snapshot
from wizard.published import catalogue
from wizard.published.live import Edition, live
from wizard.published.search.index import Index, Ranked
from wizard.published.search.spelling import near_word
from wizard.published.search.texts import passages
from wizard.published.search.words import (
    MOST_CHARACTERS,
    MOST_TERMS,
    is_chinese,
    joined,
    spelt,
    term_of,
    terms,
)
from wizard.sms.codes import shape
from wizard.web.addresses import jump
from wizard.web.languages import in_language
from wizard.wording.markdown import plain_lines

Kind = Literal["question", "outcome", "code"]

_INDEXES: Final = 4
"""Two languages, before and after a publication."""

_MENDED: Final = 0.7
"""What a word counts that was written otherwise."""

_MOST_MENDED: Final = 6
_MOST_CODES: Final = 5
_SNIPPET: Final = 160

_LEAST: Final = 0.25
"""The share of a sentence that a node has to hold: below that it holds a word of it by chance."""

_LEAST_CHINESE: Final = 0.12
"""The same in Chinese, where half of the pairs of characters that stand together are no words."""

_OWN_CODE: Final = re.compile(r"(?=.*[A-Za-z])(?=.*\d).{5,}")
"""Codes that can be nothing else, beside words."""

_AROUND: Final = " \t\"'`“”‘’，。；：、,;()[]!?！？（）"


@dataclass(frozen=True, slots=True)
class Match:
    """Where words lead: a node of a guide to begin at, or the page of a code.

    `url` has no answers in it, for nobody gave any. `snippet` is plain text. `language` is that of
    the title and the snippet, and of the page behind `url`. A code has no key, and no guide.
    `guide_title` is "" where there is one guide alone, as it says nothing then.
    """

    guide: str
    guide_title: str
    key: str
    kind: Kind
    title: str
    snippet: str
    url: str
    language: str


def search(words: str, limit: int = 8) -> tuple[Match, ...]:
    """What of the live guides fits words that somebody wrote, best first; none where nothing does.

    Whoever writes Chinese is answered in Chinese on every page. Latin letters may be English or
    what a program says: they are looked for in English, and answered in the language of the page.
    """
    words = words[:MOST_CHARACTERS]
    language = _language_of(words)
    certain, others = _codes(words, language)
    return (*certain, *_nodes(words, language, limit), *others)[:limit]


def _language_of(words: str) -> str:
    """The language of the answers."""
    chinese = next((code for code, _name in settings.LANGUAGES if code.startswith("zh")), "")
    return chinese if chinese and is_chinese(words) else translation.get_language() or ENGLISH


# --- nodes ----------------------------------------------------------------------------------------


def _nodes(words: str, language: str, limit: int) -> Iterator[Match]:
    chinese = is_chinese(words)
    index = _index_of(language if chinese else ENGLISH)
    wanted = _wanted(words, index)
    least = _LEAST_CHINESE if chinese else _LEAST
    guides = {snapshot.slug: snapshot for snapshot in _edition(language).guides}
    ranked = index.rank(wanted, dict.fromkeys(joined(words)[:MOST_TERMS]))
    fitting = [one for one in ranked if one.share >= least]
    for one in _apart(fitting)[:limit]:
        snapshot = guides.get(one.node.guide)
        node = snapshot.node(one.node.key) if snapshot is not None else None
        if snapshot is not None and node is not None:
            yield _match(snapshot, node, wanted, language)


def _apart(ranked: Sequence[Ranked]) -> list[Ranked]:
    """First one of each kind: guides that lie near each other give the same cause the same key."""
    first: dict[str, Ranked] = {}
    again = [one for one in ranked if first.setdefault(one.node.key, one) is not one]
    return [*first.values(), *again]


def _wanted(words: str, index: Index) -> dict[str, float]:
    """The terms of a sentence with what each counts; a word that no guide has, mended."""
    wanted = dict.fromkeys(terms(words)[:MOST_TERMS], 1.0)
    unknown = [word for word in dict.fromkeys(spelt(words)) if not index.knows(word)]
    for word in unknown[:_MOST_MENDED]:
        meant = near_word(word, index.words)
        if meant and wanted.pop(term_of(word), 0.0):
            wanted.setdefault(term_of(meant), _MENDED)
    return wanted


def _match(
    snapshot: Snapshot, node: Question | Outcome, wanted: Mapping[str, float], language: str
) -> Match:
    url = jump(reverse("wizard:walk", args=[snapshot.slug]), node.key)
    return Match(
        guide=snapshot.slug,
        guide_title=snapshot.title if len(live.guides) > 1 else "",
        key=node.key,
        kind="question" if isinstance(node, Question) else "outcome",
        title=node.title,
        snippet=_snippet(node, wanted),
        url=in_language(url, language),
        language=language,
    )


def _snippet(node: Question | Outcome, wanted: Mapping[str, float]) -> str:
    """The passage of a node that holds most of what is wanted; the first of several."""
    texts = [" ".join(plain_lines(text)) for text in passages(node)]
    best = max(texts, key=lambda text: len(wanted.keys() & set(terms(text))), default="")
    if len(best) <= _SNIPPET:
        return best
    return best[: _SNIPPET - 1].rsplit(" ", 1)[0].rstrip(" ,;:，；：、") + "…"


# --- codes ----------------------------------------------------------------------------------------


def _codes(words: str, language: str) -> tuple[list[Match], list[Match]]:
    """Codes among the words: those that nobody writes as a word, and those that may be one."""
    written = dict.fromkeys(word.strip(_AROUND) for word in words.split())
    asked = [word for word in written if shape(word)][:_MOST_CODES]
    found = {word: match for word in asked if (match := _code(word, language))}
    alone = len(found) == len(written)
    certain = [word for word in found if alone or _OWN_CODE.fullmatch(word)]
    return (
        [found[word] for word in certain],
        [match for word, match in found.items() if word not in certain],
    )


def _code(code: str, language: str) -> Match | None:
    with translation.override(language):
        entry = next(iter(catalogue.find(code)), None)
    if entry is None:
        return None
    return Match(
        guide="",
        guide_title="",
        key="",
        kind="code",
        title=f"{entry.asked}: {entry.row.meaning}",
        snippet=entry.leads_to,
        url=in_language(entry.url, language),
        language=language,
    )


# --- what is kept in memory -----------------------------------------------------------------------


def _edition(language: str) -> Edition:
    with translation.override(language):
        return live.edition


def _index_of(language: str) -> Index:
    # Addresses are no part of it, so that it is the same below each of them.
    edition = replace(_edition(language), prefix="")
    with _making:
        return _index(edition)


_making: Final = threading.Lock()


@lru_cache(maxsize=_INDEXES)
def _index(edition: Edition) -> Index:
    return Index(edition.guides)
