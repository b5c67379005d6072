"""Who is asking: the address of the client, as far as it can be trusted."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's IP address, or "" where the server does not know it.

    Behind a proxy (`BEHIND_PROXY`) it is what that proxy wrote: the last entry of X-Forwarded-For.
    The entries before it come from the client, who can write there what he likes.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    return address


def is_from(networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network], address: str) -> bool:
    """Whether `address` lies in one of the networks. What is no address lies in none."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    # A server that listens on IPv6 sees IPv4 clients as ::ffff:192.0.2.7.
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return any((mapped or ip) in network for network in networks)
