"""The lists of the desk: my cases, all, by state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wizard.engine.snapshot import Snapshot
from wizard.models import Case, Queue
from wizard.published.live import live

LISTS: Final[dict[str, Promise]] = {
    "mine": gettext_lazy("Mine"),
    "open": gettext_lazy("Open"),
    "handed-over": gettext_lazy("Handed over"),
    "recent": gettext_lazy("Recent"),
}

_PER_PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of the desk, and how many cases are in it."""

    name: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list. `stands` is the text of the node where it stands."""

    case: Case
    url: str
    about: str
    stands: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The lists of the desk."""

    tabs: tuple[Tab, ...]
    rows: tuple[CaseRow, ...]
    page: Page[int]
    show: str
    queues: tuple[Queue, ...]
    agents: tuple[tuple[int, str], ...]
    queue: int
    of_agent: int

    @property
    def filters(self) -> str:
        """What a link to another page of the list has to say."""
        return urlencode({"show": self.show, "queue": self.queue, "agent": self.of_agent})


def desk_page(
    agent: User,
    *,
    show: str,
    queue: int,
    of_agent: int,
    agents: Sequence[tuple[int, str]],
    number: str,
) -> DeskPage:
    """One page of one list. Unknown names and numbers show the first.

    Args:
        queue: key of the queue whose cases are wanted, 0 for all.
        of_agent: key of the agent whose cases are wanted, 0 for all.
        agents: keys and names of all agents.
        number: of the page, from 1, as it stands in the address.
    """
    show = show if show in LISTS else "mine"
    counts = Case.objects.counts(agent)
    listed = _listed(agent, show)
    if queue:
        listed = listed.filter(queue=queue)
    if of_agent:
        listed = listed.filter(agent=of_agent)
    # By keys alone, however far down: they stand in an index, and the cases are read for one page.
    pages = Paginator(listed.values_list("pk", flat=True), _PER_PAGE)
    if not (queue or of_agent):
        pages.count = counts[show.replace("-", "_")]  # known from its tab
    page = pages.get_page(number)
    page.object_list = list(page.object_list)
    found = Case.objects.select_related("agent", "queue").in_bulk(page.object_list)
    return DeskPage(
        tabs=tuple(
            Tab(name, str(label), counts[name.replace("-", "_")], name == show)
            for name, label in LISTS.items()
        ),
        rows=tuple(case_rows(found[key] for key in page.object_list if key in found)),
        page=page,
        show=show,
        queues=tuple(Queue.objects.all()),
        agents=tuple(agents),
        queue=queue,
        of_agent=of_agent,
    )


def _listed(agent: User, show: str) -> QuerySet[Case]:
    lists = {
        "mine": Case.objects.of(agent),
        "open": Case.objects.open(),
        "handed-over": Case.objects.handed_over(),
        "recent": Case.objects.all(),
    }
    return lists[show].order_by("-changed_at", "-pk")


def case_rows(found: Iterable[Case]) -> Iterable[CaseRow]:
    """The rows of a list of cases."""
    snapshots: dict[int, Snapshot] = {}
    for case in found:
        if case.publication_id not in snapshots:
            snapshots[case.publication_id] = live.pinned(case.publication_id)
        yield CaseRow(
            case,
            reverse("wizard:desk_case", args=[case.reference]),
            case.message_id or case.recipient_masked,
            snapshots[case.publication_id].title_of(case.place),
        )
