"""The map of a guide as a picture: what stands where, and what it says there.

Lengths are in units of the picture, at full size a pixel each.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wizard.admin.map.folding import Branches
from wizard.admin.map.layout import APART, GAP, Box, BoxPlace, Connector, Layout, LineKind, arrange
from wizard.admin.map.tree import Tree
from wizard.admin.map.wrapping import shorten, wrap

# --- what a node looks like -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """What the colour of a node says, in words. `level` names the colour, "" for none."""

    level: str = ""
    words: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Links:
    """Where a node leads in the admin; "" for what does not apply.

    `form` and `preview` are pages of their own. `way` shows the way to it, `branch` nothing but
    what follows from it, `toggle` folds or unfolds that.
    """

    form: str = ""
    preview: str = ""
    way: str = ""
    branch: str = ""
    toggle: str = ""


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A way on within its box. `target`: the node to jump to, "" where there is none or are many.

    `sign` says what the line alone does not: that it leads nowhere, elsewhere, or back.
    """

    y: int
    text: str
    title: str
    target: str = ""
    sign: str = ""
    is_lit: bool = False

    @property
    def sign_y(self) -> int:
        """The upper edge of the sign beside the text."""
        return self.y - 10


@dataclass(frozen=True, slots=True)
class Sign:
    """A link of a box that is drawn as a sign: its name, where it leads, and that in words.

    The outline has the words.
    """

    y: int
    name: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a folded node hides: how many nodes, and how many of them have errors."""

    count: int = 0
    errors: int = 0

    @property
    def words(self) -> str:
        """What the link says that unfolds it."""
        words = ngettext("Unfold %(n)s node", "Unfold %(n)s nodes", self.count) % {"n": self.count}
        if not self.errors:
            return words
        errors = ngettext("%(n)s with errors", "%(n)s with errors", self.errors)
        return f"{words}, {errors % {'n': self.errors}}"


def _hidden(keys: Sequence[str], marks: Mapping[str, Mark]) -> Hidden:
    return Hidden(len(keys), sum(key in marks and marks[key].level == "error" for key in keys))


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A box of the picture. The outline has the same nodes, and says the same of them."""

    key: str
    kind: str
    title: str
    searched: str
    mark: Mark
    links: Links
    signs: tuple[Sign, ...]
    hides: "Hidden"
    is_folded: bool
    is_lit: bool
    is_hit: bool
    x: int
    y: int
    width: int
    height: int
    rule: int
    lines: tuple[tuple[int, str], ...]
    note: tuple[int, str] | None
    badge: tuple[int, str] | None
    rows: tuple[BoxRow, ...]

    @property
    def unfold(self) -> str:
        """What the link that unfolds it says."""
        return self.hides.words

    @property
    def sign_x(self) -> int:
        """The left edge of its signs."""
        return self.width - 18

    @property
    def row_sign_x(self) -> int:
        """The left edge of the signs of its rows."""
        return self.width - 34

    @property
    def stub_y(self) -> int:
        """The upper edge of the stub that says how much is folded away."""
        return self.height // 2 - 10

    @property
    def stub_text(self) -> tuple[int, int]:
        """The middle of its words, from the left, and their line."""
        return self.width + 24, self.height // 2 + 4

    @property
    def classes(self) -> str:
        """The words by which the style sheet knows it."""
        words = [self.kind]
        words += [f"level-{self.mark.level}"] if self.mark.level else []
        words += ["lit"] if self.is_lit else []
        words += ["hit"] if self.is_hit else []
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of the picture."""

    path: str
    kind: LineKind
    is_lit: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture of what is shown of a guide. `apart_y`: where the heading of the rest stands."""

    nodes: Mapping[str, DrawnBox]
    strokes: tuple[Stroke, ...]
    width: int
    height: int
    apart_y: int | None
    layout: Layout


@dataclass(frozen=True, slots=True)
class Appearance:
    """How nodes are to be shown: their colours, their links, what is found and what is lit.

    `way` are the nodes of the way that is lit, each with what is given there ("" at its end).
    """

    marks: Mapping[str, Mark]
    links: Mapping[str, Links]
    hits: Set[str] = frozenset()
    way: Mapping[str, str] = field(default_factory=dict)


_WIDTH: Final = 252
_GUTTER: Final = 76
_MARGIN: Final = 16

# Within a box, from above: the lines of the title, those in small letters, a row for each way on.
_PAD: Final = 8
_LINES: Final = 3
_LINE: Final = 15
_SMALL: Final = 13
_ROW: Final = 16
_SIGN: Final = 15

# Letters that fit into a line beside the signs, in fonts that are wider than most.
_TITLE_LETTERS: Final = 29
_ROW_LETTERS: Final = 33
_NOTE_LETTERS: Final = 35

# How far below the upper edge of a box lines arrive, and how far out they bend.
_ENTRY: Final = 16
_BEND: Final = _GUTTER // 2


def draw(tree: Tree, start: str, branches: Branches, look: Appearance) -> Drawing:
    """Draw the nodes that are shown."""
    sketches = {key: _Sketch(tree, key, branches, look) for key in branches.shown}
    layout = arrange({key: sketch.box for key, sketch in sketches.items()}, start)
    kinds = {(line.source, line.exit): line for line in layout.lines}
    nodes = {key: sketch.node(layout.places[key], kinds, look) for key, sketch in sketches.items()}
    return Drawing(
        nodes=nodes,
        strokes=tuple(_strokes(layout, sketches, look.way)),
        width=layout.columns * (_WIDTH + _GUTTER) + _MARGIN,
        height=layout.height + 2 * _MARGIN,
        apart_y=layout.apart_from + APART - GAP if layout.apart else None,
        layout=layout,
    )


class _Sketch:
    """A node before it has its place: how tall it is, and which row each of its exits is in."""

    def __init__(self, tree: Tree, key: str, branches: Branches, look: Appearance) -> None:
        self.tree, self.key = tree, key
        self.is_folded = key in branches.folded
        self.hides = _hidden(branches.folded.get(key, ()), look.marks)
        self.ways = () if self.is_folded else tree.ways[key]
        self.exits = [
            (number, target) for number, way in enumerate(self.ways) for target in way.targets
        ]
        self.mark = look.marks.get(key, Mark())
        self.links = look.links[key]
        self.title = tree.title(key)
        self.lines = wrap(self.title, _TITLE_LETTERS, _LINES)
        self.note = _note(tree.codes_to(key))
        self.signs = tuple(self._signs())
        head = _PAD + _LINE * len(self.lines) + _SMALL * (bool(self.note) + bool(self.mark.words))
        head += _PAD - 2
        self.rule = head if self.ways else 0
        height = max(head + (_ROW * len(self.ways) + 4), len(self.signs) * _SIGN + 6)
        self.box = Box(height, tuple(target for _number, target in self.exits))

    def port(self, exit: int) -> int:
        """How far below the upper edge a line leaves."""
        return self.rule + _ROW * self.exits[exit][0] + _ROW // 2 + 2

    def is_taken(self, number: int, given: str) -> bool:
        """Whether it is by this way on that something given leads on; a code goes by the list."""
        one = self.ways[number]
        if one.is_list:
            return bool(given) and given not in {other.given for other in self.ways}
        return bool(given) and given == one.given

    def node(
        self, place: BoxPlace, kinds: Mapping[tuple[str, int], Connector], look: Appearance
    ) -> DrawnBox:
        y = _PAD + _LINE - 4
        lines = tuple((y + _LINE * number, line) for number, line in enumerate(self.lines))
        y += _LINE * len(lines) - 1
        note = (y, self.note) if self.note else None
        y += _SMALL if note else 0
        badge = (y, self.mark.words) if self.mark.words else None
        snapshot = self.tree.snapshot
        return DrawnBox(
            key=self.key,
            kind="question" if self.key in snapshot.questions else "outcome",
            title=self.title,
            searched=self.tree.searched(self.key),
            mark=self.mark,
            links=self.links,
            signs=self.signs,
            hides=self.hides,
            is_folded=self.is_folded,
            is_lit=self.key in look.way,
            is_hit=self.key in look.hits,
            x=_x(place.column),
            y=place.top + _MARGIN,
            width=_WIDTH,
            height=place.height,
            rule=self.rule,
            lines=lines,
            note=note,
            badge=badge,
            rows=tuple(self._rows(kinds, look.way)),
        )

    def _signs(self) -> Iterator[Sign]:
        fold = self.hides.words if self.is_folded else _("Fold")
        shown = (
            ("preview", self.links.preview, _("Preview")),
            ("way", self.links.way, _("Show the way")),
            ("branch", self.links.branch, _("Only this branch")),
            ("unfold" if self.is_folded else "fold", self.links.toggle, fold),
        )
        there = [one for one in shown if one[1]]
        for place, (name, url, title) in enumerate(there):
            yield Sign(4 + place * _SIGN, name, url, title)

    def _rows(
        self, kinds: Mapping[tuple[str, int], Connector], way: Mapping[str, str]
    ) -> Iterator[BoxRow]:
        exit = 0
        for number, one in enumerate(self.ways):
            line = kinds.get((self.key, exit))
            exit += len(one.targets)
            is_lit = self.is_taken(number, way.get(self.key, ""))
            text = shorten(one.label, _ROW_LETTERS)
            y = self.rule + _ROW * number + _ROW - 2
            if one.is_list:
                yield BoxRow(y, text, one.label, is_lit=is_lit)
            elif line is None:
                title = _("%(answer)s: leads nowhere") % {"answer": one.label}
                yield BoxRow(y, text, title, sign="nowhere", is_lit=is_lit)
            else:
                title = f"{one.label} → {self.tree.title(line.target)}"
                sign = "" if line.kind == "tree" else line.kind
                yield BoxRow(y, text, title, line.target, sign, is_lit)


def _note(codes: Sequence[str]) -> str:
    """The codes that lead to a node, as many as fit."""
    text = ""
    for shown, _code in enumerate(codes, start=1):
        more = f" +{len(codes) - shown}" if shown < len(codes) else ""
        longer = ", ".join(codes[:shown]) + more
        if text and len(longer) > _NOTE_LETTERS:
            break
        text = longer
    return text


def _x(column: int) -> int:
    return _MARGIN + column * (_WIDTH + _GUTTER)


# --- lines ----------------------------------------------------------------------------------------


def _strokes(
    layout: Layout, sketches: Mapping[str, _Sketch], way: Mapping[str, str]
) -> list[Stroke]:
    """The lines, those of the lit way last, so that they lie on top.

    Of a list of codes only the lines of the tree are drawn, as a trunk with twigs: others would be
    dozens, from side to side. Their ends name the codes that lead to them.
    """
    next_on_the_way = dict(pairwise(way))
    found = []
    for line in layout.lines:
        sketch = sketches[line.source]
        number, target = sketch.exits[line.exit]
        is_list = sketch.ways[number].is_list
        is_lit = next_on_the_way.get(line.source) == target
        is_lit = is_lit and sketch.is_taken(number, way[line.source])
        if is_list and line.kind == "more" and not is_lit:
            continue
        found.append(Stroke(_path(layout, sketch, line, is_list), line.kind, is_lit))
    return sorted(found, key=lambda stroke: (stroke.is_lit, stroke.kind == "tree"))


def _path(layout: Layout, sketch: _Sketch, line: Connector, is_list: bool) -> str:
    """From the row to the box: into its left side, or into its right if that is nearer."""
    source, target = layout.places[line.source], layout.places[line.target]
    left, y = _x(source.column), source.top + _MARGIN + sketch.port(line.exit)
    to_left, to_y = _x(target.column), target.top + _MARGIN + _ENTRY
    right, to_right = left + _WIDTH, to_left + _WIDTH
    if is_list and line.kind == "tree":
        return f"M{right} {y}H{right + _GUTTER // 3}V{to_y}H{to_left}"
    if target.column > source.column:
        return _curve(right, y, to_left, to_y, 1, -1)
    if target.column == source.column:
        return _curve(right, y, to_right, to_y, 1, 1)
    return _curve(left, y, to_right, to_y, -1, 1)


def _curve(x: int, y: int, to_x: int, to_y: int, out: int, back: int) -> str:
    """A line that leaves and arrives horizontally, each to the left (-1) or the right (1)."""
    return f"M{x} {y}C{x + out * _BEND} {y} {to_x + back * _BEND} {to_y} {to_x} {to_y}"
