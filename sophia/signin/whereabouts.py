"""Where the request that is being answered came from."""

from contextvars import ContextVar
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

whereabouts: ContextVar[str | None] = ContextVar("whereabouts", default=None)
"""The address, for whatever a verb writes down. None outside of a request."""

HOUSEHOLD = 64
"""Bits of an IPv6 address that one customer of a provider has: the rest they choose themselves."""


def address_of(request: HttpRequest) -> str | None:
    """Behind a proxy, what it saw: the last of X-Forwarded-For. What stands before that, anybody can have written."""
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.SOPHIA_BEHIND_PROXY:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or seen
    try:
        address = ip_address(seen.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def neighbourhood(address: str | None) -> str:
    """The addresses among which one attacker moves freely."""
    if address is None or ":" not in address:
        return address or ""
    return str(ip_network(f"{address}/{HOUSEHOLD}", strict=False))
