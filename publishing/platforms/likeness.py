"""The one notion of “the same text”. It tells a person where to look, and never whose a post is."""

import unicodedata

from publishing.platforms.invisible import is_invisible

TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of a text changes how it reads. All else that nobody sees, apps and platforms add and drop
on their own."""


def words(text: str) -> str:
    """What the public reads: composed, without what nobody sees, each run of blanks and line ends one space."""
    seen = "".join(character for character in text if is_read(character))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def is_read(character: str) -> bool:
    return character.isspace() or character in TURNS or not is_invisible(character)


def same(one: str, other: str) -> bool:
    return one == other or words(one) == words(other)


def loosely(text: str) -> str:
    """For holding what looks alike: capitals and ways of writing one letter make no difference either."""
    return words(unicodedata.normalize("NFKC", words(text)).casefold())
