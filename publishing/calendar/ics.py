"""A calendar as programs read it (RFC 5545). Pure: rows in, text out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75
"""Octets of a line; what is longer goes on in the next one, after a space (section 3.1)."""
LENGTH = "PT15M"
"""A post takes no time. Programs draw an event without a length as a line, or not at all."""
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
UNSEEN = dict.fromkeys([*range(0x0A), *range(0x0B, 0x20), 0x7F])
"""Control characters, which no line may hold (section 3.1)."""


@dataclass(frozen=True)
class Event:
    uid: str
    at: datetime
    summary: str
    description: str
    status: str
    """CONFIRMED, TENTATIVE or CANCELLED."""
    address: str


def written(name: str, events: Iterable[Event], now: datetime, every: str) -> str:
    """`every`: how often programs may look again, such as PT30M (RFC 7986, section 5.7)."""
    return "".join(f"{folded(line)}\r\n" for line in lines(name, events, now, every))


def lines(name: str, events: Iterable[Event], now: datetime, every: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sophia//Calendar//EN", "CALSCALE:GREGORIAN")
    yield from ("METHOD:PUBLISH", f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}")
    yield from (f"REFRESH-INTERVAL;VALUE=DURATION:{every}", f"X-PUBLISHED-TTL:{every}")
    for event in events:
        yield from event_lines(event, now)
    yield "END:VCALENDAR"


def event_lines(event: Event, now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{stamp(now)}")
    yield from (f"DTSTART:{stamp(event.at)}", f"DURATION:{LENGTH}", f"STATUS:{event.status}", "TRANSP:TRANSPARENT")
    yield from (f"SUMMARY:{escaped(event.summary)}", f"DESCRIPTION:{escaped(event.description)}")
    yield from (f"URL:{event.address}", "END:VEVENT")


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Section 3.3.11."""
    return "\n".join(text.splitlines()).translate(UNSEEN).translate(ESCAPES)


def folded(line: str) -> str:
    """Never in the middle of a character."""
    parts, length = [""], 0
    for character in line:
        octets = len(character.encode())
        if length + octets > LONGEST:
            parts.append("")
            length = 1
        parts[-1] += character
        length += octets
    return "\r\n ".join(parts)
