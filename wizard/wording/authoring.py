"""What authors meet on several pages: versions, and the parts of a form."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

THE_DRAFT: Final = _("The draft")

NOWHERE: Final = _("nowhere")
"""Where an answer without a target leads."""

# The groups of fields in the forms of authors.
CUSTOMER_TEXT: Final = _("Customer text")

AGENT_TEXT: Final = _("Agent text")

LOGIC: Final = _("Logic")

SEARCH: Final = _("Search")

EVIDENCE: Final = _("Evidence")


def publication(number: int) -> str:
    """What a publication is called."""
    return gettext("Publication %(number)s") % {"number": number}
