"""Words to nodes: where in the live guides a sentence leads, in English or in Chinese.

`words` cuts a sentence into what is compared, `texts` says what of a guide is searched, `index`
ranks, `spelling` mends what nobody wrote, and `finding` puts them together. See
docs/decisions/0019-search.md.
"""

from wizard.published.search.finding import Match, search
from wizard.published.search.unanswered import note_unanswered

__all__ = ["Match", "note_unanswered", "search"]
