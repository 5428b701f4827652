"""Lines of a file as wishes for drafts: what was written, with the right kinds of values, and nothing judged yet."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sophia import fields
from sophia.nesting import deeper_than
from sophia.refusals import Refused

Wish = dict[str, Any]

BOM = b"\xef\xbb\xbf"
TEXTS = ("ref", "account", "text", "link", "suggested_at", "title", "source")
LISTS = ("images", "alt")
FIELDS = ("ref", "account", "title", "text", "link", "images", "alt", "suggested_at", "source")
"""All that a draft can be given by, in the order of the columns."""


@dataclass(frozen=True)
class Line:
    number: int
    read: Callable[[], Wish]
    """Refused, with what is wrong, for a line that cannot be read. The next one may be good."""


def json_lines(raws: Iterable[bytes]) -> Iterator[Line]:
    for number, raw in enumerate(raws, 1):
        if raw := raw.removeprefix(BOM if number == 1 else b"").strip():
            yield Line(number, partial(wished, raw))


DEPTH = 10
"""Levels of nesting. A line has two: an object with lists of texts."""


def wished(raw: bytes) -> Wish:
    """One line as an object whose values have the right kinds."""
    if deeper_than(DEPTH, raw):
        raise Refused("This line is nested too deeply.")
    try:
        wish = json.loads(raw.decode(), object_pairs_hook=fields.once)
    except UnicodeDecodeError:
        raise Refused("This line is not UTF-8. Save the file as UTF-8.") from None
    except ValueError as wrong:
        raise Refused(f"This line is not JSON: {wrong}.") from None
    if not isinstance(wish, dict):
        raise Refused(f'A line is one JSON object, such as {{"account": …}}, not {kind(wish)}.')
    return checked(wish)


def checked(wish: Wish) -> Wish:
    """What is null counts as left out. A name that is not known is refused, whatever stands under it."""
    fields.require_known(wish, FIELDS)
    given = {name: value for name, value in wish.items() if value is not None}
    for name in TEXTS:
        require_text(f"“{name}”", given.get(name, ""))
    for name in LISTS:
        require_texts(name, given.get(name, []))
    return given


def require_texts(name: str, value: Any) -> None:
    if not isinstance(value, list):
        raise Refused(f"“{name}” must be a list of texts, not {kind(value)}.")
    for number, each in enumerate(value, 1):
        require_text(f"“{name}” {number}", each)


def require_text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise Refused(f"{name} must be a text, not {kind(value)}.")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused(f"{name} holds a character that is not text. Take it out.")


def kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else "a number")
