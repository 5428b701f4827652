"""What a door does not understand it refuses: dropped, it would be missing from what goes out. The one place that
decides, and that names the field which may have been meant."""

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import Any

from sophia.refusals import Refused

ALIKE, SLIP = 0.5, 0.8
"""Of 1. “schedule_at” and “suggested_at” are 0.52 alike. Below SLIP the two must share a piece of three letters too:
“date” and “alt” are 0.57 alike."""
PIECE = 3


class UnknownField(Refused):
    """Something was given under a name that nobody reads."""

    def __init__(self, name: str, known: Collection[str]):
        super().__init__(sentence(name, known))
        self.name = name


def unknown(given: Iterable[str], known: Collection[str]) -> list[str]:
    return [name for name in given if name not in known]


def require_known(given: Iterable[str], known: Collection[str]) -> None:
    """UnknownField for the first of `given` that is none of the `known`."""
    for name in unknown(given, known):
        raise UnknownField(name, known)


def sentence(name: str, known: Collection[str]) -> str:
    meant = nearest(name, known)
    hint = f" Is “{meant}” meant?" if meant else ""
    return f"“{name[:80]}” is not known here.{hint} Known are {', '.join(known)}."


def nearest(name: str, known: Iterable[str]) -> str:
    """Of the known names the one that is most like `name`, or nothing."""
    likeness = {each: alike(plain(name)[:80], plain(each)) for each in known}
    best = max(likeness, key=lambda each: likeness[each], default="")
    return best if best and likeness[best] >= ALIKE else ""


def alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other)
    if (ratio := matcher.ratio()) < SLIP and matcher.find_longest_match().size < PIECE:
        return 0
    return ratio


def plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For `json.loads`, which drops the first value of a name that comes twice without a word."""
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            raise Refused(f"“{name[:80]}” is there twice. Write it once.")
        read[name] = value
    return read
