"""Images are fetched from their address over the network, as Meta does. Never call this inside a transaction."""

import time

import requests

TIMEOUT = (3, 10)
PATIENCE = 20
"""Seconds for the whole download."""


class Unreachable(Exception):  # noqa: N818
    """Nothing usable at this address."""


class TooSlow(Unreachable):
    pass


def fetch(url: str, most: int) -> bytes:
    """At most one byte more than `most`, which tells the caller that it is too large."""
    if not url.isascii() or not url.lower().startswith(("http://", "https://")):
        raise Unreachable(url)
    try:
        with requests.Session() as session:
            session.trust_env = False
            session.headers["User-Agent"] = "facebookexternalhit/1.1 (Sophia sandbox)"
            with session.get(url, timeout=TIMEOUT, stream=True) as response:
                response.raise_for_status()
                return limited(response, most + 1)
    except requests.Timeout as error:
        raise TooSlow(url) from error
    except requests.RequestException as error:
        raise Unreachable(url) from error


def limited(response: requests.Response, most: int) -> bytes:
    until = time.monotonic() + PATIENCE
    data = b""
    for chunk in response.iter_content(64 * 1024):
        data += chunk
        if len(data) >= most:
            break
        if time.monotonic() > until:
            raise requests.Timeout("The download takes too long.")
    return data[:most]
