"""What is kept with each line of the audit log, so that it can be found by guide and by node."""

from typing import Any


class Audited:
    """A row whose changes stand in the audit log."""

    def audited_as(self) -> tuple[int | None, str]:
        """The guide it belongs to, and the node: `question:report`, `code:status:E200030`."""
        raise NotImplementedError

    def get_additional_data(self) -> dict[str, Any]:
        """What django-auditlog stores with a change; the name of the method is its own."""
        guide, node = self.audited_as()
        return {"guide": guide, "node": node}
