"""Web addresses in a text, compared as a whole: that one begins as the other does means nothing."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

LINK = re.compile(r"https?://[^\s/?#]+[^\s\0]*", re.I)
ENDS = ".,;:!?…)]}>»“”’\"'"
"""What may follow an address and belong to the sentence."""


def holds(text: str, link: str) -> bool:
    """The text names exactly this address. static/sophia/counting.js says the same while somebody types."""
    wanted = plain(link)
    return any(plain(found) == wanted for found in written(text))


def written(text: str) -> Iterator[str]:
    """Each address as it stands there, and without what may belong to the sentence."""
    for found in LINK.findall(text):
        address = found
        yield address
        while address[-1] in ENDS:
            address = address[:-1]
            yield address


def plain(address: str) -> str:
    """In the same case where case means nothing, and with the path that an empty one stands for."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()
