"""Layout and branches: where nodes stand on the map, and which are folded away."""

import time
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import guides
from wizard.admin.map.folding import fold
from wizard.admin.map.layout import APART, GAP, Box, arrange, reach, roots_of

many = settings(max_examples=60, deadline=None)

_KEYS = [f"n{number}" for number in range(12)]


@st.composite
def graphs(draw):
    """Any graph: with circles, targets that are missing, and nodes that nothing leads to."""
    keys = _KEYS[: draw(st.integers(0, len(_KEYS)))]
    targets = st.lists(st.sampled_from([*keys, "", "missing"]), max_size=4).map(tuple)
    return {key: Box(draw(st.integers(10, 200)), draw(targets)) for key in keys}


starts = st.sampled_from(["n0", "n1", "n5", "", "missing"])


def boxes(**exits):
    return {key: Box(40, tuple(targets.split())) for key, targets in exits.items()}


def known_exits(graph):
    return {key: [to for to in box.exits if to in graph] for key, box in graph.items()}


# --- the layout -----------------------------------------------------------------------------------


@many
@given(graphs(), starts)
def test_every_node_has_its_place_and_no_two_overlap(graph, start):
    layout = arrange(graph, start)
    assert layout.places.keys() == graph.keys()
    for one, other in combinations(layout.places.values(), 2):
        if one.column == other.column:
            assert one.bottom + GAP <= other.top or other.bottom + GAP <= one.top


@many
@given(graphs(), starts)
def test_the_drawing_holds_everything(graph, start):
    layout = arrange(graph, start)
    for key, place in layout.places.items():
        assert 0 <= place.column < layout.columns
        assert place.top >= 0
        assert place.bottom <= layout.height
        assert place.height == graph[key].height


@many
@given(graphs(), starts)
def test_every_exit_that_leads_somewhere_has_its_line(graph, start):
    lines = [(line.source, line.exit, line.target) for line in arrange(graph, start).lines]
    assert lines == [
        (key, number, target)
        for key, box in graph.items()
        for number, target in enumerate(box.exits)
        if target in graph
    ]


@many
@given(graphs(), starts)
def test_lines_of_the_tree_lead_one_column_to_the_right_and_none_leads_further(graph, start):
    layout = arrange(graph, start)
    hanging = [line.target for line in layout.lines if line.kind == "tree"]
    roots = roots_of(known_exits(graph), start)
    assert sorted([*hanging, *roots]) == sorted(graph)
    for line in layout.lines:
        step = layout.places[line.target].column - layout.places[line.source].column
        assert step == 1 if line.kind == "tree" else step <= 1 or line.source in layout.apart


@many
@given(graphs(), starts)
def test_lines_of_the_tree_do_not_cross(graph, start):
    layout = arrange(graph, start)
    tree = [line for line in layout.lines if line.kind == "tree"]
    ends = {
        line: (layout.places[line.source].top, line.exit, layout.places[line.target].top)
        for line in tree
    }
    for one, other in combinations(tree, 2):
        if layout.places[one.source].column == layout.places[other.source].column:
            assert (ends[one][:2] < ends[other][:2]) == (ends[one][2] < ends[other][2])


@many
@given(graphs(), starts)
def test_without_the_lines_back_there_is_no_circle(graph, start):
    ahead = {key: [] for key in graph}
    for line in arrange(graph, start).lines:
        if line.kind != "back":
            ahead[line.source].append(line.target)
    for key in graph:
        assert all(key not in reach(ahead, target) for target in ahead[key])


@many
@given(graphs(), starts)
def test_a_line_back_is_part_of_a_circle(graph, start):
    exits = known_exits(graph)
    for line in arrange(graph, start).lines:
        assert line.kind != "back" or line.source in reach(exits, line.target)


@many
@given(guides())
def test_the_column_of_a_node_is_how_many_answers_lead_to_it(guide):
    keys = (*guide.questions, *guide.outcomes)
    graph = {key: Box(40, tuple(to for _, to in guide.exits(key))) for key in keys}
    layout = arrange(graph, guide.start)
    for key in keys:
        way = guide.way_to(key)
        assert (key in layout.apart) == (way is None)
        assert way is None or layout.places[key].column == len(way)


@many
@given(graphs(), starts)
def test_what_the_start_does_not_lead_to_stands_apart_below(graph, start):
    layout = arrange(graph, start)
    reached = reach(known_exits(graph), start).keys() if start in graph else set()
    assert layout.apart == graph.keys() - reached
    for key, place in layout.places.items():
        if key in layout.apart:
            assert place.top >= layout.apart_from + APART
        else:
            assert place.bottom <= layout.apart_from


@many
@given(graphs(), starts)
def test_the_same_guide_is_drawn_the_same(graph, start):
    assert arrange(graph, start) == arrange(dict(graph), start)


def test_a_circle_is_marked_where_it_closes():
    layout = arrange(boxes(a="b", b="c", c="a"), "a")
    assert [(line.source, line.kind) for line in layout.lines] == [
        ("a", "tree"),
        ("b", "tree"),
        ("c", "back"),
    ]


def test_a_detour_that_goes_on_to_the_left_is_no_circle():
    layout = arrange(boxes(a="b c", b="d", c="", d="c"), "a")
    assert layout.places["d"].column > layout.places["c"].column
    assert "back" not in {line.kind for line in layout.lines}


def test_of_two_answers_to_the_same_node_one_is_of_the_tree():
    assert [line.kind for line in arrange(boxes(a="b b", b=""), "a").lines] == ["tree", "more"]


def test_answers_stand_in_their_order_and_the_first_beside_its_question():
    places = arrange(boxes(a="b c d", b="", c="", d=""), "a").places
    assert [places[key].top for key in "abcd"] == [0, 0, 40 + GAP, 2 * (40 + GAP)]


def test_a_small_branch_moves_beside_a_large_one():
    places = arrange(boxes(a="b c", b="d e f", c="", d="", e="", f=""), "a").places
    assert places["c"].top == places["b"].bottom + GAP


def test_a_thousand_nodes_and_a_long_chain_are_quick():
    bushy = {
        f"n{number}": Box(40, tuple(f"n{3 * number + child}" for child in (1, 2, 3)))
        for number in range(1_000)
    }
    chain = {f"n{number}": Box(40, (f"n{number + 1}", "n0")) for number in range(1_000)}
    began = time.perf_counter()
    assert arrange(bushy, "n0").columns == 7
    assert arrange(chain, "n0").columns == 1_000
    # Some milliseconds; a machine that others use as well may need more.
    assert time.perf_counter() - began < 1


# --- branches -------------------------------------------------------------------------------------


@many
@given(graphs(), starts, st.integers(0, 12), st.sets(st.sampled_from(_KEYS)))
def test_what_is_not_shown_is_hidden_by_a_folded_node(graph, start, most, folded):
    exits = known_exits(graph)
    roots = roots_of(exits, start)
    branches = fold(exits, roots, most, folded=folded)
    shown = set(branches.shown)
    assert len(shown) == len(branches.shown)
    assert shown >= set(roots)
    assert branches.folded.keys() <= shown
    beyond = {key for one in branches.folded for key in reach(exits, one)}
    assert shown | beyond == graph.keys()
    assert {key for one in branches.folded.values() for key in one} == graph.keys() - shown
    for key in shown - branches.folded.keys():
        assert shown >= set(exits[key])


@many
@given(graphs(), starts)
def test_a_guide_that_is_small_enough_is_shown_whole(graph, start):
    exits = known_exits(graph)
    branches = fold(exits, roots_of(exits, start), len(graph))
    assert set(branches.shown) == graph.keys()
    assert branches.folded == {}


@many
@given(graphs(), starts, st.integers(0, 12))
def test_no_more_is_shown_than_was_allowed_but_for_the_roots(graph, start, most):
    exits = known_exits(graph)
    roots = roots_of(exits, start)
    assert len(fold(exits, roots, most).shown) <= max(most, len(roots))


@many
@given(graphs(), starts, st.integers(0, 12), st.sampled_from(_KEYS))
def test_to_unfold_a_node_shows_what_it_leads_to_and_hides_nothing(graph, start, most, key):
    exits = known_exits(graph)
    roots = roots_of(exits, start)
    before = fold(exits, roots, most)
    after = fold(exits, roots, most, unfolded=[key])
    assert set(after.shown) >= set(before.shown)
    if key in before.shown:
        assert set(after.shown) >= set(exits[key])
        assert key not in after.folded


def test_a_fold_hides_what_is_reached_only_through_it_and_says_how_much():
    exits = known_exits(boxes(a="b c", b="d e", c="e", d="f", e="", f=""))
    branches = fold(exits, ["a"], 9, folded=["b"])
    assert branches.shown == ("a", "b", "c", "e")
    assert branches.folded == {"b": ["d", "f"]}


def test_a_fold_that_hides_nothing_is_still_a_fold():
    exits = known_exits(boxes(a="b c", b="d", c="d", d=""))
    assert fold(exits, ["a"], 9, folded=["b"]).folded == {"b": []}
