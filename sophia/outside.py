"""Addresses that somebody else has chosen: Sophia looks at the machine before it connects, and connects to that one.

A name can stand for another machine a moment later. So whoever connects by itself uses the address that was judged;
a library that takes only names is given the judged answer for this name for as long as it works (`held_to`).
"""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import Any

Address = IPv4Address | IPv6Address

ASSIGNED = IPv6Network("2000::/3")
"""All that is ever given out on the internet (RFC 4291, 2.4): what lies beside it is inside, or an old way to write an
IPv4 address. Python knows only some of them."""
TRANSLATED = IPv6Network("64:ff9b::/96")
"""Networks without IPv4 reach it under these (RFC 6052). The last 32 bits are the machine."""


def is_public(address: Address) -> bool:
    """Whether it is on the internet, by whatever way of writing it down."""
    if inner := written_inside(address):
        return is_public(inner)
    is_assigned = isinstance(address, IPv4Address) or address in ASSIGNED
    return is_assigned and address.is_global and not address.is_multicast


def written_inside(address: Address) -> IPv4Address | None:
    if not isinstance(address, IPv6Address):
        return None
    translated = IPv4Address(int(address) & 0xFFFFFFFF) if address in TRANSLATED else None
    return address.ipv4_mapped or address.sixtofour or translated


def addresses_of(host: str, port: int | None) -> list[Address]:
    """All that the name stands for now. OSError, or UnicodeError, when it stands for none."""
    rows = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return [ip_address(str(row[4][0]).partition("%")[0]) for row in rows]


held: dict[str, list[Sequence[Address]]] = {}
lock = Lock()
look_up = socket.getaddrinfo


def answer(host: Any, port: Any, *args: Any, **options: Any) -> Any:
    """As `socket.getaddrinfo`, but for names that are held."""
    judged = held.get(name_of(host)) if held else None
    if not judged:
        return look_up(host, port, *args, **options)
    return [row for address in judged[-1] for row in look_up(str(address), port, *args, **options)]


def name_of(host: Any) -> str:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    return text.lower().strip("[]")


@contextmanager
def held_to(host: str, judged: Sequence[Address]) -> Iterator[None]:
    """While it lasts, this process finds nothing but the `judged` addresses under `host`, in every thread: libraries
    start some of their own, and whoever asks for the same name is well served. Nothing is held without addresses."""
    if not judged:
        yield
        return
    with lock:
        held.setdefault(name_of(host), []).append(judged)
        socket.getaddrinfo = answer
    try:
        yield
    finally:
        with lock:
            held[name_of(host)].remove(judged)
            if not held[name_of(host)]:
                del held[name_of(host)]
