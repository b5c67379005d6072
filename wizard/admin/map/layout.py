"""Layout: where the nodes of a guide stand when it is drawn from left to right, and their lines.

The column of a node is the number of answers that lead to it by the shortest way. It hangs on the
node before it on that way, one column to the left: these lines are the tree, and never cross a box
or each other. All other lines are drawn in addition: an outcome with many parents stands once.

To put a node to the right of everything that leads to it would let no line go back; but one detour
("still failing: go on there") would then move whole branches ten columns away from their question.

Total: a draft may lack targets, go in circles, and have nodes that nothing leads to, which stand
apart below. Linear in the number of nodes and lines, but for a few logarithms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Literal

GAP: Final = 10
"""Between two boxes of a column."""

APART: Final = 90
"""Above what stands apart: there is room for its heading."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node to be drawn: how tall it is, and the keys that its exits lead to, in their order."""

    height: int
    exits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoxPlace:
    """Where a box stands: its column from the left, and its upper edge."""

    column: int
    top: int
    height: int

    @property
    def bottom(self) -> int:
        return self.top + self.height


LineKind = Literal["tree", "more", "back"]


@dataclass(frozen=True, slots=True)
class Connector:
    """From an exit of a box, by its number, to another box; `back` closes a circle."""

    source: str
    exit: int
    target: str
    kind: LineKind


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing. `apart`: what the start does not lead to; its room begins at `apart_from`."""

    places: Mapping[str, BoxPlace]
    lines: tuple[Connector, ...]
    apart: Set[str]
    apart_from: int
    columns: int
    height: int


def arrange(boxes: Mapping[str, Box], start: str) -> Layout:
    """Place all boxes; exits that lead to none of them are left out."""
    exits = {key: [to for to in box.exits if to in boxes] for key, box in boxes.items()}
    roots = roots_of(exits, start)
    trees = _trees(exits, roots)
    columns = _columns(trees)
    tops, apart_from, height = _tops(boxes, columns, trees, start)
    places = {key: BoxPlace(columns[key], tops[key], box.height) for key, box in boxes.items()}
    return Layout(
        places=places,
        lines=tuple(_lines(boxes, trees, columns, _circles(exits))),
        apart=boxes.keys() - (reach(exits, start).keys() if start in boxes else set()),
        apart_from=apart_from,
        columns=max(columns.values(), default=-1) + 1,
        height=height,
    )


# --- the graph ------------------------------------------------------------------------------------


def roots_of(exits: Mapping[str, Sequence[str]], start: str) -> list[str]:
    """The nodes from which all can be reached: the start, then what it does not lead to.

    Of these, first what nothing leads to; of a circle that nothing leads into, its first node.
    """
    led_to = {to for key, targets in exits.items() for to in targets if to != key}
    first = [start] if start in exits else []
    roots: list[str] = []
    reached: set[str] = set()
    for key in [*first, *(key for key in exits if key not in led_to), *exits]:
        if key not in reached:
            roots.append(key)
            reached.update(reach(exits, key, reached))
    return roots


def reach(
    exits: Mapping[str, Sequence[str]], key: str, beside: Set[str] = frozenset()
) -> dict[str, None]:
    """A node and all that it leads to, nearest first, without what is reached `beside` it."""
    found = {key: None}
    queue = [key]
    for node in queue:
        for target in exits[node]:
            if target not in found and target not in beside:
                found[target] = None
                queue.append(target)
    return found


def _trees(exits: Mapping[str, Sequence[str]], roots: Sequence[str]) -> dict[str, list[str]]:
    """What hangs on each node: on the first by which it is reached. Tree by tree, top down."""
    trees: dict[str, list[str]] = {}
    placed: set[str] = set()
    for root in roots:
        placed.add(root)
        queue = [root]
        for key in queue:
            trees[key] = list(dict.fromkeys(to for to in exits[key] if to not in placed))
            placed.update(trees[key])
            queue += trees[key]
    return trees


def _columns(trees: Mapping[str, Sequence[str]]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for key, children in trees.items():
        column = columns.setdefault(key, 0)
        columns |= dict.fromkeys(children, column + 1)
    return columns


def _circles(exits: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The number of the circle that each node is in: nodes are in one if each leads to the other.

    Kosaraju's way: whoever is left last on the way forth is asked first on the way back.
    """
    entries: dict[str, list[str]] = {key: [] for key in exits}
    for key, targets in exits.items():
        for target in targets:
            entries[target].append(key)
    circles: dict[str, int] = {}
    for number, key in enumerate(reversed(_left(exits))):
        if key not in circles:
            circles |= dict.fromkeys(reach(entries, key, circles.keys()), number)
    return circles


def _left(exits: Mapping[str, Sequence[str]]) -> list[str]:
    """All nodes, each after those it leads to, as far as there are no circles."""
    left: list[str] = []
    entered: set[str] = set()
    for root in exits:
        stack = [(root, iter(exits[root]))] if root not in entered else []
        entered.add(root)
        while stack:
            key, ahead = stack[-1]
            target = next((one for one in ahead if one not in entered), None)
            if target is None:
                left.append(key)
                stack.pop()
            else:
                entered.add(target)
                stack.append((target, iter(exits[target])))
    return left


def _lines(
    boxes: Mapping[str, Box],
    trees: Mapping[str, Sequence[str]],
    columns: Mapping[str, int],
    circles: Mapping[str, int],
) -> Iterator[Connector]:
    """The lines of all exits. In a circle, those that do not lead on to the right close it."""
    for key, box in boxes.items():
        hanging = set(trees[key])
        for number, target in enumerate(box.exits):
            if target in hanging:
                hanging.remove(target)
                yield Connector(key, number, target, "tree")
            elif target in boxes:
                closes = circles[key] == circles[target] and columns[target] <= columns[key]
                yield Connector(key, number, target, "back" if closes else "more")


# --- from top to bottom ---------------------------------------------------------------------------


class _Outline:
    """How far a tree reaches in each column: its top and bottom there, from a base that moves."""

    __slots__ = ("base", "spans")

    def __init__(self) -> None:
        self.base = 0
        self.spans: dict[int, tuple[int, int]] = {}

    @property
    def bottom(self) -> int:
        return self.base + max(bottom for _, bottom in self.spans.values())

    def widen(self, column: int, height: int) -> None:
        """Reach into one column more, from the top."""
        self.spans[column] = (-self.base, height - self.base)

    def move_below(self, other: _Outline) -> int:
        """Move down until this one stands below the other; how far it has to."""
        shared = min(self.spans, other.spans, key=len)
        room = other.base + GAP - self.base
        needed = (
            other.spans[column][1] - self.spans[column][0] + room
            for column in shared
            if column in self.spans and column in other.spans
        )
        moved = max(needed, default=0)
        self.base += moved
        return moved

    def with_below(self, other: _Outline) -> _Outline:
        """Both as one, where the other stands below. Costs as much as the smaller of them."""
        larger, smaller = (self, other) if len(self.spans) >= len(other.spans) else (other, self)
        moved = smaller.base - larger.base
        for column, (top, bottom) in smaller.spans.items():
            span = (top + moved, bottom + moved)
            known = larger.spans.get(column, span)
            larger.spans[column] = (min(span[0], known[0]), max(span[1], known[1]))
        return larger


def _tops(
    boxes: Mapping[str, Box],
    columns: Mapping[str, int],
    trees: dict[str, list[str]],
    start: str,
) -> tuple[dict[str, int], int, int]:
    """The upper edge of each box, where the part that stands apart begins, and the whole height."""
    outlines: dict[str, _Outline] = {}
    tops: dict[str, int] = {}  # of each box, from the top of the one it hangs on
    for key in reversed(trees):
        outline = _stack(trees[key], outlines, tops)
        outline.widen(columns[key], boxes[key].height)
        outlines[key] = outline
    height, apart_from = 0, None
    for root, outline in reversed(outlines.items()):
        if root != start and apart_from is None:
            apart_from = height
            height += APART
        tops[root] = height
        height += outline.bottom + 2 * GAP
    for key, children in trees.items():
        for child in children:
            tops[child] += tops[key]
    height = max(height - 2 * GAP, 0)
    return tops, height if apart_from is None else apart_from, height


def _stack(
    children: Sequence[str], outlines: dict[str, _Outline], tops: dict[str, int]
) -> _Outline:
    """The outline of what hangs on a box, one below the other; the first has its top at 0."""
    whole = _Outline()
    for child in children:
        outline = outlines.pop(child)
        tops[child] = outline.move_below(whole)
        whole = whole.with_below(outline)
    return whole
