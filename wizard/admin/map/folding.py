"""Branches: which nodes of a large guide are shown at a time, and how many are folded away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

from wizard.admin.map.layout import reach

Exits = Mapping[str, Sequence[str]]
"""Where each node leads to, in the order of its exits; to nodes alone."""


@dataclass(frozen=True, slots=True)
class Branches:
    """`shown`: nodes, nearest first. `folded`: those that are folded, each with what it hides.

    A node that several folded ones lead to is hidden by each of them.
    """

    shown: tuple[str, ...]
    folded: Mapping[str, Sequence[str]]


def fold(
    exits: Exits,
    roots: Sequence[str],
    most: int,
    unfolded: Collection[str] = (),
    folded: Collection[str] = (),
) -> Branches:
    """Show what the roots lead to, about so many nodes, nearest first, and fold the rest.

    Args:
        most: so many nodes are shown without being asked for; the roots always are.
        unfolded: what these lead to is shown as well, wherever one of them is shown itself.
        folded: what only these lead to is not shown, whatever else is said.
    """
    free = _within(exits, roots, most)
    wanted = (free | set(unfolded)) - set(folded)
    shown = _shown(exits, roots, wanted)
    # To unfold what hides nothing costs nothing.
    harmless = {key for key in shown if all(target in shown for target in exits[key])}
    closed = [key for key in shown if exits[key] and key not in wanted | harmless - set(folded)]
    hidden = {key: list(reach(exits, key, shown.keys()))[1:] for key in closed}
    return Branches(tuple(shown), hidden)


def _within(exits: Exits, roots: Sequence[str], most: int) -> set[str]:
    """The nodes that can be unfolded, nearest first, before too many are shown."""
    unfolded: set[str] = set()
    shown = dict.fromkeys(roots)
    queue = list(shown)
    for key in queue:
        new = dict.fromkeys(target for target in exits[key] if target not in shown)
        if len(shown) + len(new) <= most:
            unfolded.add(key)
            shown |= new
            queue += new
    return unfolded


def _shown(exits: Exits, roots: Sequence[str], unfolded: Set[str]) -> dict[str, None]:
    shown = dict.fromkeys(roots)
    queue = list(shown)
    for key in queue:
        if key in unfolded:
            new = dict.fromkeys(target for target in exits[key] if target not in shown)
            shown |= new
            queue += new
    return shown
