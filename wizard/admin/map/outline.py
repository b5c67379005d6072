"""The map of a guide as an outline: every node of the picture, and every line, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from wizard.admin.map.drawing import Drawing, DrawnBox
from wizard.admin.map.layout import Connector
from wizard.admin.map.tree import Tree

_FIRST: Final = 3
_DEEPEST: Final = 6
"""Levels of headings. What is nested more deeply could no longer be followed."""


@dataclass(frozen=True, slots=True)
class Item:
    """A way on. `entry`: what follows, if it is written out here; else it stands at `key`.

    `key` is "" where nothing follows.
    """

    label: str
    key: str = ""
    title: str = ""
    entry: "OutlineEntry | None" = None
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A node with what follows from it. `level` is that of its heading."""

    node: DrawnBox
    level: int
    codes: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """Every node once, some inside others. `apart`: what the start does not lead to."""

    entries: tuple[OutlineEntry, ...]
    apart: tuple[OutlineEntry, ...]


def outline_of(tree: Tree, drawing: Drawing) -> Outline:
    """The outline of a picture."""
    entries = _Writer(tree, drawing).entries()
    apart = drawing.layout.apart
    return Outline(
        entries=tuple(entry for entry in entries if entry.node.key not in apart),
        apart=tuple(entry for entry in entries if entry.node.key in apart),
    )


class _Writer:
    """Writes nodes out where they hang in the tree. What would be too deep begins a new part."""

    def __init__(self, tree: Tree, drawing: Drawing) -> None:
        self._tree, self._nodes = tree, drawing.nodes
        self._lines = {(line.source, line.exit): line for line in drawing.layout.lines}
        hanging = {line.target for line in drawing.layout.lines if line.kind == "tree"}
        self._parts = [key for key in drawing.nodes if key not in hanging]

    def entries(self) -> list[OutlineEntry]:
        # There are more parts the more of them are written.
        return [self._entry(key, _FIRST) for key in self._parts]

    def _entry(self, key: str, level: int) -> OutlineEntry:
        node = self._nodes[key]
        items = () if node.is_folded else tuple(self._items(key, level))
        return OutlineEntry(node, level, tuple(self._tree.codes_to(key)), items)

    def _items(self, key: str, level: int) -> Iterator[Item]:
        """The ways on from a node; a list of codes target by target."""
        exit = 0
        for way in self._tree.ways[key]:
            for target in way.targets:
                line = self._lines.get((key, exit))
                exit += 1
                codes = self._tree.codes_of_list(key, target) if way.is_list else []
                yield self._item(", ".join(codes) or way.label, bool(codes), line, level)

    def _item(self, label: str, is_list: bool, line: Connector | None, level: int) -> Item:
        if line is None:
            return Item(label)
        title, is_back = self._tree.title(line.target), line.kind == "back"
        if line.kind == "tree":
            if level < _DEEPEST or not self._tree.ways[line.target]:
                # Its codes stand in the entry.
                label = _("A code of the list") if is_list else label
                entry = self._entry(line.target, min(level + 1, _DEEPEST))
                return Item(label, line.target, title, entry)
            self._parts.append(line.target)
        return Item(label, line.target, title, is_back=is_back)
