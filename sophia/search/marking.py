"""The piece of a text in which a word was found, with the words marked."""

import re
from collections.abc import Iterable, Sequence

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

AROUND = 60
SHOWN = 200


def excerpt(text: str, words: Sequence[str]) -> SafeString:
    """About two lines of `text`, from a little before the first match on."""
    pattern = re.compile("|".join(map(re.escape, words)), re.I) if words else None
    first = pattern.search(text) if pattern else None
    start = max(first.start() - AROUND, 0) if first else 0
    shown = text[start : start + SHOWN]
    before, after = "…" if start else "", "…" if start + SHOWN < len(text) else ""
    return format_html("{}{}{}", before, marked(shown, pattern), after)


def marked(text: str, pattern: re.Pattern[str] | None) -> SafeString:
    if pattern is None:
        return conditional_escape(text)
    return mark_safe("".join(pieces(text, pattern)))


def pieces(text: str, pattern: re.Pattern[str]) -> Iterable[str]:
    """Each escaped by itself, so that a match is never cut out of the middle of an entity."""
    end = 0
    for match in pattern.finditer(text):
        yield conditional_escape(text[end : match.start()])
        yield format_html("<mark>{}</mark>", match.group())
        end = match.end()
    yield conditional_escape(text[end:])
