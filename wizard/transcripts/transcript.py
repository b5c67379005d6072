"""A case as text for a ticket: all of it, or what the customer may read."""

from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext as _

from wizard.cases.standing import Standing
from wizard.models import CaseEvent
from wizard.transcripts.for_colleagues import for_colleagues
from wizard.transcripts.for_customer import customer_view, for_customer
from wizard.transcripts.writing import write
from wizard.walks.page import WalkPage

Form = Literal["internal", "customer"]


def transcript(
    standing: Standing,
    page: WalkPage,
    events: Sequence[CaseEvent],
    *,
    form: Form,
    markdown: bool,
) -> str:
    """A case in words, as plain text or as Markdown.

    Args:
        page: of its walk; `page_of` makes it where nothing else has.
        events: what happened to the case, the oldest first; the form for customers ignores them.
        form: `internal` has everything there is, notes and names of agents too. `customer` has what
            the customer could see for themselves.
    """
    if form == "customer":
        sections = for_customer(customer_view(standing, page))
    else:
        sections = for_colleagues(standing, page, events)
    title = _("Case %(reference)s") % {"reference": standing.case.reference}
    return write(title, sections, markdown=markdown)
