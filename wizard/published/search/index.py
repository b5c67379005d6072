"""Full text of the live guides in memory, ranked by SQLite's FTS5, whatever the site's database."""

import math
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from wizard.engine.snapshot import Snapshot
from wizard.published.search.texts import JOINED, WEIGHTS, SearchedNode, searched
from wizard.published.search.words import joined, spelt, term_of, terms

_TOGETHER: Final = 0.6
"""What two words that stand together count beside what each of them does."""

_TABLE: Final = (
    f"CREATE VIRTUAL TABLE nodes USING fts5({', '.join(WEIGHTS)}, detail=column, "
    'tokenize="unicode61 remove_diacritics 2")'
)
_ROW: Final = f"INSERT INTO nodes VALUES ({', '.join('?' * len(WEIGHTS))})"  # noqa: S608 -- ours
_HITS: Final = (
    f"SELECT rowid, -bm25(nodes, {', '.join(map(str, WEIGHTS.values()))}) "  # noqa: S608 -- ours
    "FROM nodes WHERE nodes MATCH ?"
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A node that holds some of what is wanted. `share`: how much of that, from 0 to 1."""

    node: SearchedNode
    score: float
    share: float


class Index:
    """The nodes of some guides in one language. Any thread may ask it."""

    def __init__(self, guides: Iterable[Snapshot]) -> None:
        self._nodes = searched(guides)
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(self._base.cursor()) as cursor:
            cursor.execute(_TABLE)
            cursor.executemany(_ROW, map(_terms_of, self._nodes))
        self.words: Sequence[str] = tuple(_words_of(self._nodes))
        self._known = frozenset(map(term_of, self.words))

    def rank(self, words: Mapping[str, float], together: Iterable[str]) -> list[Ranked]:
        """The nodes that hold any of the terms, best first.

        Args:
            words: terms with what each counts: 1 for one that was written.
            together: terms as `joined` has them.
        """
        scores: defaultdict[int, float] = defaultdict(float)
        shares: defaultdict[int, float] = defaultdict(float)
        all_of_it = 0.0
        for term, counts in words.items():
            hits = self._hits(term)
            rarity = self._rarity(len(hits))
            all_of_it += rarity
            for place, score in hits:
                scores[place] += score * counts
                shares[place] += rarity
        for term in together:
            for place, score in self._hits(term):
                scores[place] += score * _TOGETHER
        found = [
            Ranked(self._nodes[place - 1], score, shares[place] / all_of_it if all_of_it else 0.0)
            for place, score in scores.items()
        ]
        # Of two that fit alike the one that comes first in its guide.
        return sorted(found, key=lambda one: -one.score)

    def knows(self, word: str) -> bool:
        """Whether a node holds a word, in whatever form."""
        return term_of(word) in self._known

    def _hits(self, term: str) -> list[tuple[int, float]]:
        # A term holds letters and digits, so nothing in it is a sign to FTS5.
        with self._lock, closing(self._base.cursor()) as cursor:
            return cursor.execute(_HITS, (f'"{term}"',)).fetchall()

    def _rarity(self, holding: int) -> float:
        """What a term tells that so many nodes hold (inverse document frequency)."""
        return math.log(1 + (len(self._nodes) - holding + 0.5) / (holding + 0.5))


def _terms_of(node: SearchedNode) -> list[str]:
    return [" ".join(_field(name, node.fields[name])) for name in WEIGHTS]


def _field(name: str, texts: Sequence[str]) -> Iterable[str]:
    for text in texts:
        yield from terms(text)
        if name in JOINED:
            yield from joined(text)


def _words_of(nodes: Iterable[SearchedNode]) -> dict[str, None]:
    texts = (text for node in nodes for part in node.fields.values() for text in part)
    return dict.fromkeys(word for text in texts for word in spelt(text))
