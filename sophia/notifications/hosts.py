"""Which hosts a channel may reach: never the house's own network, unless the administrator listed it."""

import ipaddress
import socket

from django.conf import settings

LIST_IT = "The administrator can list it in SOPHIA_NOTICE_HOSTS."


class Unreachable(Exception):  # noqa: N818
    """Sophia does not send there. The message is a sentence."""


def is_listed(host: str, port: int | None) -> bool:
    return bool({host.lower(), f"{host.lower()}:{port}"} & {name.lower() for name in settings.SOPHIA_NOTICE_HOSTS})


def require_listed(host: str, port: int | None) -> None:
    if not is_listed(host, port):
        raise Unreachable(f"Sophia may not send to {named(host, port)}. {LIST_IT}")


def require_public(host: str, port: int | None) -> None:
    """Listed, or on the internet by every address that its name stands for."""
    if is_listed(host, port):
        return
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise Unreachable(f"There is no host called {host}. Check how it is written.") from None
    if not all(is_public(str(address[4][0])) for address in found):
        raise Unreachable(f"{named(host, port)} is inside a private network: Sophia does not send there. {LIST_IT}")


def is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    return bool(inner.is_global and not inner.is_multicast)


def named(host: str, port: int | None) -> str:
    return f"{host}:{port}" if port else host
