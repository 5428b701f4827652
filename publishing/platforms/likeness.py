"""The one notion of “the same text”. It tells a person where to look, and never whose a post is."""

import re
import unicodedata

UNSEEN = re.compile("[\u034f\u180b-\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
"""Zero-width characters, and variation selectors: apps and platforms add and drop them on their own. What turns the
direction of a text is not among them, because it changes how the text reads."""


def words(text: str) -> str:
    """What the public reads: composed, without what nobody sees, each run of blanks and line ends one space."""
    return " ".join(unicodedata.normalize("NFC", UNSEEN.sub("", text)).split())


def same(one: str, other: str) -> bool:
    return one == other or words(one) == words(other)


def loosely(text: str) -> str:
    """For holding what looks alike: capitals and ways of writing one letter make no difference either."""
    return words(unicodedata.normalize("NFKC", words(text)).casefold())
