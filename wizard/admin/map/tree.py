"""The tree of a guide as its map needs it: nodes, the ways on from each, and the codes to each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wizard.engine.lists import NAMESPACES
from wizard.engine.snapshot import Code, Snapshot
from wizard.wording.codes import CAUSES


@dataclass(frozen=True, slots=True)
class Way:
    """One way on from a node: an answer, a whole list of codes, or “still failing”.

    `targets` are the keys it leads to, one unless it is a list; they may be of no node.
    """

    label: str
    targets: tuple[str, ...]
    given: str = ""
    is_list: bool = False


class Tree:
    """`exits` are the keys that the ways on from a node lead to, without those of no node."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.keys = (*snapshot.questions, *snapshot.outcomes)
        self._codes: dict[tuple[str, str], list[str]] = {}
        for row in snapshot.catalogue.codes:
            self._codes.setdefault((row.namespace, row.to), []).append(row.code)
        library = snapshot.catalogue.library
        for cause in library.causes if library is not None else ():
            to = snapshot.to_of_cause(cause)
            self._codes.setdefault(("status", to), []).append(str(CAUSES.get(cause, cause)))
        self.ways = {key: tuple(self._ways(key)) for key in self.keys}
        known = set(self.keys)
        self.exits = {
            key: [to for to in _targets(ways) if to in known] for key, ways in self.ways.items()
        }

    def title(self, key: str) -> str:
        """What a node asks or says; a draft may lack that."""
        return self.snapshot.title_of(key) or key

    def codes_to(self, key: str) -> list[str]:
        """The codes that lead to a node, of all lists."""
        return [code for name in NAMESPACES for code in self._codes.get((name, key), ())]

    def codes_of_list(self, question: str, key: str) -> list[str]:
        """The codes that lead to a node from a question for a code."""
        return self._codes.get((self.snapshot.questions[question].catalogue, key), [])

    def searched(self, key: str) -> str:
        """What a search looks at, in small letters: key, words, answers and codes."""
        answers = [way.label for way in self.ways[key] if not way.is_list]
        return " ".join([key, self.title(key), *answers, *self.codes_to(key)]).casefold()

    def _ways(self, key: str) -> Iterator[Way]:
        question = self.snapshot.questions.get(key)
        if question is None:
            otherwise = self.snapshot.outcomes[key].otherwise
            if otherwise:
                yield Way(_("Still failing"), (otherwise,), "no")
            return
        for answer in question.answers:
            yield Way(answer.label or answer.key, (answer.to,), answer.key)
        codes = self.snapshot.codes_of(question)
        if codes:
            targets = dict.fromkeys(row.to for row in codes)
            targets |= dict.fromkeys(self.snapshot.catalogue.ways(question.catalogue))
            yield Way(_list_label(codes), tuple(targets), "", True)


def _targets(ways: Iterable[Way]) -> dict[str, None]:
    return dict.fromkeys(target for way in ways for target in way.targets)


def _list_label(codes: Sequence[Code]) -> str:
    return ngettext("%(n)s code of the list", "%(n)s codes of the list", len(codes)) % {
        "n": len(codes)
    }
