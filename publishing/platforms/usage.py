"""What the usage headers say about how many calls are left (platforms.md D). Absence is normal on quiet accounts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from publishing.platforms.answers import parsed
from publishing.platforms.base import Scope, Throttle
from publishing.platforms.errors import HOUR, integer

APP = "X-App-Usage"
"""About the whole app. The others are about one account."""
CASES = "X-Business-Use-Case-Usage"
ACCOUNT = ("X-Page-Usage", CASES)
HEADERS = (APP, *ACCOUNT)
FIGURES = ("call_count", "total_time", "total_cputime")
OURS = {None, "pages", "instagram"}
"""Types of business use that publishing counts towards. Advertisements have limits of their own."""
FULL = 100
LONGEST_WAIT = timedelta(days=7)


def percent(headers: Mapping[str, str], names: Iterable[str] = HEADERS) -> int | None:
    """The highest figure of these headers, from 0 to 100. None when the answer has none."""
    found = [figure(case, key) for name in names for case in cases(headers, name) for key in FIGURES if key in case]
    return min(max(*found, 0), FULL) if found else None


def regain(headers: Mapping[str, str]) -> timedelta | None:
    """When calls are allowed again: the longest time, in minutes, that the header names."""
    minutes = max((figure(case, "estimated_time_to_regain_access") for case in cases(headers, CASES)), default=0)
    return timedelta(minutes=min(minutes, LONGEST_WAIT // timedelta(minutes=1))) if minutes > 0 else None


def used_up(name: str, headers: Mapping[str, str]) -> tuple[Throttle, ...]:
    """Calling on would lengthen the block, also when this call was still answered."""
    found, back = [], regain(headers)
    if percent(headers, [APP]) == FULL:
        found.append(Throttle(HOUR, f"{name} says that the calls of the app are used up.", Scope.APP))
    if back or percent(headers, ACCOUNT) == FULL:
        found.append(Throttle(back or HOUR, f"{name} says that the calls for this account are used up."))
    return tuple(found)


def cases(headers: Mapping[str, str], name: str) -> Iterator[dict[str, Any]]:
    return flat(parsed(headers.get(name, "null").encode()))


def flat(usage: Any) -> Iterator[dict[str, Any]]:
    """Some answers hold a list of objects per account, some an object per account, some a bare object."""
    if isinstance(usage, dict):
        if isinstance(usage.get("type"), str | None) and usage.get("type") in OURS:
            yield usage
        usage = list(usage.values())
    for inner in usage if isinstance(usage, list) else ():
        yield from flat(inner)


def figure(case: dict[str, Any], key: str) -> int:
    return integer(case.get(key)) or 0
