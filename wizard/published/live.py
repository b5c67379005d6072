"""The live guides in memory: what visitors read, in their language, without a query.

A thread of each process looks every few seconds whether there is a newer publication, so that no
request waits for the database, and the guides stay readable while it is away.
"""

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from cachetools import LRUCache, cachedmethod
from django.conf import settings
from django.db import DatabaseError, connection
from django.urls import get_script_prefix
from django.utils.translation import get_language

from wizard import background
from wizard.engine.document import compile_document
from wizard.engine.languages import read_in
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide, Publication

logger = logging.getLogger("wizard.live")

# Older publications in memory, for the cases that began with them.
_PINNED: Final = 20
# Guides in languages that they were not written in.
_TRANSLATED: Final = 40


@dataclass(frozen=True, slots=True)
class Edition:
    """The live guides in the language of a page, to look up by it what was made of them before.

    Two that are equal have the same texts and addresses; a publication makes another edition.
    """

    digests: tuple[str, ...]
    language: str
    prefix: str
    guides: tuple[Snapshot, ...] = field(compare=False, repr=False)


EDITIONS: Final = 8
"""What is made of an edition is kept for so many: each language, before and after a publication."""


class Live:
    """Snapshots of the live publications by their guide's address, in the home page's order."""

    def __init__(self) -> None:
        self._snapshots: Mapping[str, Snapshot] | None = None
        self._versions: tuple[tuple[str, int], ...] = ()
        self._pinned: LRUCache[int, Snapshot] = LRUCache(_PINNED)
        self._translated: LRUCache[tuple[str, str], Snapshot] = LRUCache(_TRANSLATED)
        self._lock = threading.Lock()
        # Of the two caches, which reading changes too: never held while the database is asked.
        self._cache_lock = threading.Lock()

    @property
    def guides(self) -> Mapping[str, Snapshot]:
        """The live snapshots, in the language of the page that is being made."""
        return {slug: self._translate(snapshot) for slug, snapshot in self._written.items()}

    @property
    def _written(self) -> Mapping[str, Snapshot]:
        """The live snapshots as their authors wrote them."""
        if self._snapshots is None or settings.PUBLICATION_POLL_SECONDS == 0:
            self.refresh()
        # Where no server has begun it (`begin`): the first visitor does.
        self._watch()
        return self._snapshots or {}

    @property
    def edition(self) -> Edition:
        """The live guides as a page of this language and below this address reads them."""
        guides = tuple(self.guides.values())
        digests = tuple(snapshot.digest for snapshot in guides)
        return Edition(digests, get_language() or "", get_script_prefix(), guides)

    @property
    def version(self) -> tuple[tuple[str, int], ...] | None:
        """Which publications are live. None: the database would have to be asked to know it."""
        if self._snapshots is None or settings.PUBLICATION_POLL_SECONDS == 0:
            return None
        self._watch()
        return self._versions

    @property
    def publications(self) -> Mapping[int, Snapshot]:
        """The live snapshots by the primary key of their publication."""
        guides = self.guides
        return {pk: guides[slug] for slug, pk in self._versions if slug in guides}

    def get(self, slug: str) -> Snapshot | None:
        snapshot = self._written.get(slug)
        return None if snapshot is None else self._translate(snapshot)

    def pinned(self, publication: int) -> Snapshot:
        """The snapshot of any publication, live or not: what a case began with, it goes on with."""
        return self._translate(self.pinned_as_written(publication))

    def pinned_as_written(self, publication: int) -> Snapshot:
        """The same in the language of its authors."""
        written = self._written
        slug = next((slug for slug, pk in self._versions if pk == publication), "")
        return written.get(slug) or self._load(publication)

    @cachedmethod(
        attrgetter("_pinned"),
        key=lambda self, publication: publication,
        lock=attrgetter("_cache_lock"),
    )
    def _load(self, publication: int) -> Snapshot:
        return compile_document(Publication.objects.get(pk=publication).snapshot)

    def several_as_written(self, publications: Iterable[int]) -> dict[int, Snapshot]:
        """Publications as their authors wrote them; one query for all that are not in memory."""
        written = self._written
        wanted = list(publications)
        known = {pk: written[slug] for slug, pk in self._versions if slug in written}
        with self._cache_lock:
            known |= {pk: self._pinned[pk] for pk in wanted if pk in self._pinned}
        missing = [pk for pk in wanted if pk not in known]
        for pk, row in Publication.objects.in_bulk(missing).items():
            known[pk] = compile_document(row.snapshot)
            self.keep(pk, known[pk])
        return {pk: known[pk] for pk in wanted if pk in known}

    def keep(self, publication: int, snapshot: Snapshot) -> None:
        """Keep what a publication was compiled to, so that this process need not do it again."""
        with self._cache_lock:
            self._pinned[publication] = snapshot

    def _translate(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot in the language of this thread; made once for each."""
        language = get_language() or snapshot.language
        return snapshot if language == snapshot.language else self._read_in(snapshot, language)

    @cachedmethod(
        attrgetter("_translated"),
        key=lambda self, snapshot, language: (snapshot.digest, language),
        lock=attrgetter("_cache_lock"),
    )
    def _read_in(self, snapshot: Snapshot, language: str) -> Snapshot:
        return read_in(snapshot, language)

    def begin(self) -> None:
        """Load the guides before the first visitor comes, and look for new ones from now on.

        A server's process does as it starts, after its fork. A database that is away is no reason
        not to start: the first visitor's request looks again, or the thread if it is sooner.
        """
        try:
            self.refresh()
        except DatabaseError as error:
            logger.warning("the live guides could not be loaded yet: %s", error)
        finally:
            connection.close()
        self._watch()

    def refresh(self) -> None:
        """Look once, and load what is new: one small query where nothing is."""
        with self._lock:
            versions = tuple(Guide.objects.published().values_list("slug", "live"))
            if self._snapshots is not None and versions == self._versions:
                return
            loaded = Publication.objects.live().in_bulk()
            known = self._snapshots or {}
            self._snapshots = MappingProxyType(
                {
                    slug: _compiled(loaded[pk], known.get(slug), self._pinned.get(pk))
                    for slug, pk in versions
                }
            )
            self._versions = versions

    def forget(self) -> None:
        """Begin anew with the next request (tests, and the end of a transaction that failed)."""
        with self._lock:
            self._snapshots, self._versions = None, ()
        with self._cache_lock:
            self._pinned.clear()
            self._translated.clear()

    def _watch(self) -> None:
        """Let a thread look for new publications, one a process, every PUBLICATION_POLL_SECONDS."""
        background.repeat("live-guides", self._look, seconds=settings.PUBLICATION_POLL_SECONDS)

    # Whatever goes wrong, visitors go on reading what is in memory, and the thread looks again.
    @background.unfailing("the live guides", logger)
    def _look(self) -> None:
        self.refresh()


def _compiled(publication: Publication, *known: Snapshot | None) -> Snapshot:
    for snapshot in known:
        if snapshot is not None and snapshot.digest == publication.digest:
            return snapshot
    return compile_document(publication.snapshot)


live = Live()
