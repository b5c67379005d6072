"""How often one client may do what costs something: fixed windows, counted in the shared cache."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in `seconds`, for each client."""

    name: str
    times: int
    seconds: int


def spend(limit: Limit, client: str, now: datetime) -> int:
    """Count one use. Returns 0 if it is allowed, else the seconds until it is again.

    The client's address is hashed before it gets into a cache key. While the cache is away
    everything is allowed: the limit protects, but the site has to work without it.
    """
    window, left = divmod(int(now.timestamp()), limit.seconds)
    address = hashlib.blake2b(client.encode(), digest_size=12).hexdigest()
    key = f"limit:{limit.name}:{address}:{window}"
    try:
        cache.add(key, 0, timeout=limit.seconds * 2)
        used = cache.incr(key)
    except Exception:
        return 0
    return limit.seconds - left if used > limit.times else 0
