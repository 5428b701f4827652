"""What does not belong in a log."""

import logging
import re

LINK = re.compile(r"/c/[^/\s]+")


class HideLinks(logging.Filter):
    """The address of a client link is its secret. Django writes the address of each request that it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(LINK.sub("/c/…", arg) if isinstance(arg, str) else arg for arg in record.args)
        return True
