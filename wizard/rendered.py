"""Rendered walk pages in memory: the same address of the same guide is rendered once a process."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Self


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
    """The pages rendered last, at most `size` of them. Safe under threads."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, Rendered] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Rendered | None:
        page = self._pages.get(key)
        return page if page is not None and time.time() < page.until else None

    def put(self, key: Hashable, page: Rendered, *, size: int) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > size:
                self._pages.popitem(last=False)


pages = RenderedPages()
