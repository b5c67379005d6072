"""Rendered walk pages in memory: the same address of the same guide is rendered once a process."""

import hashlib
import time
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Self

from cachetools import TLRUCache
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Rendered:
    """The bytes of a page. `until` (seconds since the epoch) is when its times go stale."""

    body: bytes
    etag: str
    until: float

    @classmethod
    def of(cls, text: str, valid_until: datetime | None) -> Self:
        """The ETag is made of the bytes themselves, so that it holds guide, answers, language
        and the templates of this version of the site, and nothing can be forgotten."""
        body = text.encode()
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        return cls(body, etag, valid_until.timestamp() if valid_until else float("inf"))


class RenderedPages:
    """The pages asked for last, at most RENDERED_PAGES of them. Safe under threads."""

    def __init__(self) -> None:
        self._pages: TLRUCache[Hashable, Rendered] = TLRUCache(
            settings.RENDERED_PAGES,
            ttu=lambda key, page, now: page.until,
            timer=lambda: time.time(),
        )
        self._lock = Lock()

    def get(self, key: Hashable) -> Rendered | None:
        with self._lock:
            return self._pages.get(key)

    def put(self, key: Hashable, page: Rendered) -> None:
        with self._lock:
            if self._pages.maxsize:
                self._pages[key] = page


pages = RenderedPages()
