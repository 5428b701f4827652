"""How much of a post its platform shows before "See more". What they cut differs by device: an approximation."""

from dataclasses import dataclass
from typing import Any

from django import template

register = template.Library()


@dataclass(frozen=True)
class Fold:
    characters: int
    lines: int


FOLDS = {"facebook": Fold(477, 5), "instagram": Fold(125, 2)}
"""As seen in the feeds on a desktop (Facebook) and a phone (Instagram) in 2026; neither platform documents it."""
SHOWN = 5
"""Images in a Facebook post. Of more, the last one says how many."""


@register.filter
def fold(message: str, platform: str) -> str:
    """What is read before "See more", or nothing where all of it is."""
    cut = FOLDS[platform]
    lines = "\n".join(message.split("\n")[: cut.lines])
    shown = lines if len(lines) <= cut.characters else whole_words(lines[: cut.characters])
    return "" if shown == message else shown.rstrip()


@register.filter
def after(message: str, short: str) -> str:
    """The rest, on a line of its own."""
    return message[len(short) :].removeprefix("\n").lstrip(" ")


def whole_words(text: str) -> str:
    """Without the word that was cut in two, unless the whole text is one word."""
    space = max(text.rfind(" "), text.rfind("\n"))
    return text[:space] if space > 0 else text


@register.filter
def beyond(pictures: list[Any]) -> int:
    """How many images a Facebook post hides behind its last one."""
    return max(len(pictures) - SHOWN, 0)
