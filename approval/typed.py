"""What people and machines type, made storable, or refused with a sentence."""

import re

from sophia.refusals import NotAcceptable

LINK = re.compile(r"https?://[^\s/?#]+[^\s\0]*", re.I)
LONGEST_LINK = 2000


def tidy_link(link: str) -> str:
    link = link.strip()
    if link and (not LINK.fullmatch(link) or len(link) > LONGEST_LINK):
        raise NotAcceptable(
            f"The link must be a whole web address that starts with https://, up to {LONGEST_LINK:,} characters."
        )
    return link


def tidy(text: str) -> str:
    """Line ends as one character, whatever the browser or the file sent, and no blank lines around."""
    if "\0" in text:
        raise NotAcceptable("The text holds a NUL character, which no platform takes. Remove it and try again.")
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
