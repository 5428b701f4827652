"""What people and machines type, made storable, or refused with a sentence."""

from publishing.platforms.addresses import LINK as LINK
from publishing.platforms.invisible import is_blank
from sophia.refusals import NotAcceptable

LONGEST_LINK = 2000


def tidy_link(link: str) -> str:
    link = link.strip()
    if link and (not LINK.fullmatch(link) or len(link) > LONGEST_LINK):
        raise NotAcceptable(
            f"The link must be a whole web address that starts with https://, up to {LONGEST_LINK:,} characters."
        )
    return link


def tidy(text: str) -> str:
    """Line ends as one character, whatever the browser or the file sent, and no blank lines around. Nothing where
    there is nothing to see."""
    if "\0" in text:
        raise NotAcceptable("The text holds a NUL character, which no platform takes. Remove it and try again.")
    return "" if is_blank(text) else text.replace("\r\n", "\n").replace("\r", "\n").strip()
