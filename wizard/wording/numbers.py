"""Numbers in the reader's language."""

from django.utils.formats import number_format


def number(count: int) -> str:
    """A count as people read it: 4,210."""
    return number_format(count, force_grouping=True)
