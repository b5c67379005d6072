"""Two versions of a form are put together, and nothing that anybody typed is lost."""

from hypothesis import given
from hypothesis import strategies as st

from wizard.admin.editing.merging import Difference, FormRow, merge, merge_rows

NAMES = ("label", "hint", "to")
values = st.sampled_from(["", "a", "b", "c"])
fields = st.fixed_dictionaries(dict.fromkeys(NAMES, values))
stored = st.dictionaries(st.sampled_from("123456"), fields, max_size=5)


@given(mine=fields, seen=fields)
def test_what_was_typed_stays_where_nobody_else_has_changed_anything(mine, seen):
    assert merge(mine, seen, seen) == type(merge(mine, seen, seen))(mine, ())


@given(seen=fields, theirs=fields)
def test_what_somebody_else_stored_is_taken_over_where_nothing_was_typed(seen, theirs):
    assert merge(seen, seen, theirs).fields == theirs


@given(mine=fields, seen=fields, theirs=fields)
def test_every_field_holds_what_was_typed_or_what_is_stored_and_each_loss_is_told(
    mine, seen, theirs
):
    merged = merge(mine, seen, theirs)
    told = {one.name: one for one in merged.differences}
    for name in NAMES:
        if mine[name] != seen[name]:
            assert merged.fields[name] == mine[name]
        else:
            assert merged.fields[name] == theirs[name]
        if merged.fields[name] != theirs[name] and theirs[name] != seen[name]:
            assert told[name].kept
            assert told[name].theirs == theirs[name]


def test_both_changes_of_different_fields_stand():
    merged = merge({"a": "mine", "b": "old"}, {"a": "old", "b": "old"}, {"a": "old", "b": "theirs"})
    assert merged.fields == {"a": "mine", "b": "theirs"}
    assert merged.differences == (Difference("", "b", "theirs", kept=False),)


def test_the_same_change_by_both_is_no_difference():
    assert merge({"a": "new"}, {"a": "old"}, {"a": "new"}).differences == ()


def test_a_field_that_was_not_sent_is_left_to_the_form():
    assert merge({}, {"a": "old"}, {"a": "new"}).fields == {}


# --- rows -----------------------------------------------------------------------------------------


@given(seen=stored, theirs=stored, typed=st.data())
def test_no_stored_row_and_no_typed_row_is_lost(seen, theirs, typed):
    mine = [FormRow(pk, typed.draw(fields)) for pk in seen]
    new = [FormRow("", one) for one in typed.draw(st.lists(fields, max_size=2))]
    merged = merge_rows([*mine, *new], seen, theirs)
    assert [row.pk for row in merged.rows if row.pk] == list(theirs)
    changed = [row for row in mine if row.pk not in theirs and row.fields != seen[row.pk]]
    assert [row.fields for row in merged.rows if not row.pk] == [
        *(row.fields for row in changed),
        *(row.fields for row in new),
    ]
    assert merged.revived == tuple(row.pk for row in changed)


def test_a_row_that_somebody_added_stands_among_the_stored_ones():
    seen = {"1": {"label": "one"}}
    theirs = {"1": {"label": "one"}, "2": {"label": "two"}}
    merged = merge_rows(
        [FormRow("1", {"label": "uno"}), FormRow("", {"label": "new"})], seen, theirs
    )
    assert merged.rows == (
        FormRow("1", {"label": "uno"}),
        FormRow("2", {"label": "two"}),
        FormRow("", {"label": "new"}),
    )


def test_a_row_that_somebody_removed_goes_if_this_person_left_it_alone_or_removed_it_too():
    seen = {"1": {"label": "one"}, "2": {"label": "two"}}
    mine = [FormRow("1", {"label": "one"}), FormRow("2", {"label": "changed"}, deleted=True)]
    assert merge_rows(mine, seen, {}).rows == ()


def test_a_row_that_is_to_be_deleted_stays_marked():
    row = {"1": {"label": "one"}}
    merged = merge_rows(
        [FormRow("1", {"label": "one"}, deleted=True)], row, {"1": {"label": "uno"}}
    )
    assert merged.rows == (FormRow("1", {"label": "uno"}, deleted=True),)
