"""Characters that nobody sees, and those that turn the direction in which a text is read."""

import re
import unicodedata
from functools import cache

KINDS = {"Cf", "Cc", "Zl", "Zp"}
SEEN = set("\n\t\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Line ends and tabs, and the signs of numbers and verses, which are of those kinds too."""
FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
"""What counts as a letter, a sign or a mark, and shows nothing."""
FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{3,6}\U000e007f"
JOINED = "(?<=[\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])"
STYLED = "(?<=[#*0-9\u00a9\u00ae\u2000-\u33ff\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
SHAPED = "(?<=[\u0600-\u0dff\u1780-\u18af])[\u200c\u200d](?=[\u0600-\u0dff\u1780-\u18af\\s]|$)"
VARIED = "(?<=[\u3400-\u9fff\U00020000-\U0003ffff])[\ufe00-\ufe02\U000e0100-\U000e01ef]"
MEANT = re.compile("|".join((FLAG, JOINED, STYLED, SHAPED, VARIED)))
"""Where emoji, and the scripts that join their letters, need them."""
AROUND = 20
LONGEST = 200


@cache
def is_invisible(character: str) -> bool:
    kind = unicodedata.category(character)
    return (kind in KINDS and character not in SEEN) or bool(FILLERS.match(character))


def is_blank(text: str) -> bool:
    """There is nothing to see in it."""
    return all(character.isspace() or is_invisible(character) for character in text)


def found(text: str) -> list[str]:
    """Each of them once, in order, but for those that are needed where they stand."""
    return list(dict.fromkeys(character for character in MEANT.sub("", text) if is_invisible(character)))


def named(character: str) -> str:
    return f"{point(character)} {unicodedata.name(character, 'CONTROL CHARACTER')}"


def point(character: str) -> str:
    return f"U+{ord(character):04X}"


def shown(text: str) -> str:
    """From shortly before the first of them, in the order in which they are stored, with a mark in place of each."""
    odd = set(found(text))
    first = next((place for place, character in enumerate(text) if character in odd), 0)
    part = text[max(first - AROUND, 0) :][:LONGEST]
    return "".join(f"⟨{point(character)}⟩" if character in odd else character for character in part)
