"""Durations as people write them: `90s`, `2m`, `4h`, `7d`."""

import re
from datetime import timedelta

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
FORM = re.compile(r"(\d+)([smhd])")


def parse(text: str) -> timedelta:
    """`"4h"` to four hours. ValueError with a sentence for anything else."""
    match = FORM.fullmatch(text.strip())
    if not match:
        raise ValueError(f"“{text}” is not a duration. Write a number and s, m, h or d: 30s, 2m, 4h, 7d.")
    number, unit = match.groups()
    try:
        return timedelta(**{UNITS[unit]: int(number)})
    except OverflowError:
        raise ValueError(f"“{text}” is longer than Sophia can count.") from None


def parse_list(text: str) -> list[timedelta]:
    """`"2m,4m,8m"` to three durations, in the order given."""
    return [parse(part) for part in text.split(",")]


def say(duration: timedelta) -> str:
    """Two hours as `2h`, ninety seconds as `90s`: the shortest whole unit."""
    seconds = int(duration.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
