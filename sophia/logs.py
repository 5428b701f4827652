"""What does not belong in a log."""

import logging
import re

LINK = re.compile(r"/c/[^/\s]+")
TOKEN = re.compile(r"sophia_[A-Za-z0-9_-]{43}")


class HideLinks(logging.Filter):
    """The address of a client link is its secret, and somebody may have put an API token into an address. Django writes
    the address of each request that it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(hidden(arg) if isinstance(arg, str) else arg for arg in record.args)
        return True


def hidden(text: str) -> str:
    return TOKEN.sub("sophia_…", LINK.sub("/c/…", text))
