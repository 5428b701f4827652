"""Whether the link of a draft answers. It is somebody else's address: only public machines are asked, by the address
that was looked at, and nothing of the answer is kept."""

import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from publishing.platforms.graph import hanging_up
from sophia.outside import Address, addresses_of, is_public

TIMEOUT = 5
"""Seconds for each step: connecting, and each read."""
ALTOGETHER = 20
"""Seconds for all of it, however slowly it trickles in: take-downs wait for the same workers."""
MOST_REDIRECTS = 5
MOVED = {301, 302, 303, 307, 308}
GONE = {404, 410}
ASCII = "%/:=&?~#+!$,;'@()*[]"


class NoAnswer(Exception):  # noqa: N818
    """The message is a sentence."""


def problem_with(link: str, allows: Callable[[Address], bool] | None = None) -> str:
    """Why a reader would not get to the page, as a sentence, or nothing. `allows` tells which machines may be asked."""
    until = monotonic() + ALTOGETHER
    try:
        return follow(link, allows or is_public, until)
    except NoAnswer as problem:
        return str(problem)
    except (OSError, HTTPException, ValueError) as error:
        # What a line says that was hung up on depends on how far it had come.
        return out_of_time() if monotonic() >= until else said_of(error)


def said_of(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"It did not answer within {TIMEOUT} seconds."
    return "Its certificate is not valid." if isinstance(error, ssl.SSLError) else "It could not be reached."


def out_of_time() -> str:
    return f"It did not answer within {ALTOGETHER} seconds."


def follow(link: str, allows: Callable[[Address], bool], until: float) -> str:
    for _ in range(MOST_REDIRECTS + 1):
        status, further = ask(urlsplit(link), allows, until)
        if monotonic() >= until:
            raise NoAnswer(out_of_time())
        if status not in MOVED or not further:
            # Whatever else is refused to a program, a page is there.
            return f"It answers {status}." if status in GONE or status >= 500 else ""
        link = urljoin(link, further)
    return "It sends its readers in circles."


def ask(parts: SplitResult, allows: Callable[[Address], bool], until: float) -> tuple[int, str]:
    """(status, where it says the page is instead)"""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NoAnswer("It leads to something that is no web page.")
    host = parts.hostname.encode("idna").decode()
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    port = parts.port or kind.default_port
    target = quote(parts.path or "/", safe=ASCII) + (f"?{quote(parts.query, safe=ASCII)}" if parts.query else "")
    # To the address that was judged: the name is not looked up a second time.
    line = socket.create_connection((str(address_of(host, port, allows)), port), TIMEOUT)
    connection = kind(host, port, timeout=TIMEOUT)
    with hanging_up(line.fileno(), until - monotonic()), closing(connection):
        connection.sock = secured(line, host) if parts.scheme == "https" else line
        connection.request("GET", target, headers={"User-Agent": "Sophia looks whether this link answers"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", "")


def secured(line: socket.socket, host: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except OSError:
        line.close()
        raise


def address_of(host: str, port: int, allows: Callable[[Address], bool]) -> Address:
    try:
        found = addresses_of(host, port)
    except socket.gaierror:
        raise NoAnswer(f"There is no machine called {host}.") from None
    if not found or not all(allows(address) for address in found):
        raise NoAnswer(f"{host} is not on the public internet.")
    return found[0]
