"""The verdict, from what the platform shows and not from what the desk says of itself. Each figure must be 0."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

Row = dict[str, Any]
UNDER_WAY = {"queued", "publishing", "unconfirmed"}
TOLD = {"failed", "missed", "handoff", "cancelled"}
"""It is not out, and somebody was told or wanted it so."""
SAID_OUT = {"published", "recovered"}
A_KILL_TAKES = timedelta(seconds=5)
"""Whoever is killed so soon after an answer may not have written it down."""


@dataclass
class Evidence:
    """`approved`: what people approved. `rows`: what the desk says of it, by id. `truth`: what the platform tells
    judges. `foreign`: what others posted, by id. `lies`: what was seen while it went on. `known`: the publication for
    which the desk has noted each id of the platform. `kills`: when, by the platform's clock. `slower`: how much slower
    the machine is than one that does nothing else."""

    approved: list[Row]
    rows: dict[int, Row]
    truth: Row
    foreign: dict[str, Row] = field(default_factory=dict)
    wanted_down: set[int] = field(default_factory=set)
    lies: list[Row] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    kills: list[datetime] = field(default_factory=list)
    slower: float = 1

    @cached_property
    def ours(self) -> dict[tuple[str, str], list[Row]]:
        """By account and words: each approved post has words of its own."""
        found: dict[tuple[str, str], list[Row]] = {}
        for post in self.truth["posts"]:
            if not post["foreign"]:
                found.setdefault((post["account"], post["text"]), []).append(post)
        return found

    @cached_property
    def posts(self) -> dict[str, Row]:
        return {post["id"]: post for post in self.truth["posts"]}

    def of(self, post: Row) -> list[Row]:
        return self.ours.get((post["account"], post["text"]), [])

    def cases(self) -> Iterator[tuple[Row, Row, list[Row]]]:
        """Each approved post, its row on the desk, and what the platform has of it."""
        for post in self.approved:
            yield post, self.rows[post["id"]], self.of(post)


def case(post: Row, row: Row, shown: list[Row], why: str) -> Row:
    return {"publication": post["id"], "why": why, "approved": post, "desk": row, "platform": shown}


def times(shown: list[Row]) -> int:
    return sum(each["times_published"] for each in shown)


def public(shown: list[Row]) -> list[Row]:
    return [each for each in shown if each["public"]]


def duplicated(seen: Evidence) -> Iterator[Row]:
    for post, row, shown in seen.cases():
        if times(shown) > 1:
            yield case(post, row, shown, f"It went out {times(shown)} times.")


def lost(seen: Evidence) -> Iterator[Row]:
    for post, row, shown in seen.cases():
        if row["state"] == "published" and not public(shown):
            yield case(post, row, shown, "The desk says that it is out, and the platform does not show it.")
        elif row["state"] not in TOLD | SAID_OUT and not times(shown):
            yield case(post, row, shown, "It never went out, and nobody was told.")
        elif row["state"] == "unconfirmed":
            yield case(post, row, shown, "In the end nobody knows whether it is out.")


def unapproved(seen: Evidence) -> Iterator[Row]:
    approved = {(post["account"], post["text"], post["images"]) for post in seen.approved}
    for post in seen.truth["posts"]:
        ours = not post["foreign"] and post["times_published"]
        if ours and (post["account"], post["text"], post["images"]) not in approved:
            yield {"why": "Nobody approved this.", "platform": [post]}


def mistaken(seen: Evidence) -> Iterator[Row]:
    for post, row, shown in seen.cases():
        if row["state"] in TOLD and times(shown):
            yield case(post, row, shown, "The desk says that it is not out, and it was.")
        elif row["state"] in SAID_OUT and row["post_id"] not in {each["id"] for each in shown}:
            known = seen.posts.get(row["post_id"])
            why = "The id belongs to another post." if row["post_id"] else "It is out, and its id is unknown."
            yield case(post, row, [*shown, *filter(None, [known])], why)


def called_gone_while_live(seen: Evidence) -> Iterator[Row]:
    yield from seen.lies
    for post, row, shown in seen.cases():
        if row["state"] == "recovered" and public(shown):
            yield case(post, row, shown, "The desk says that it is gone, and it is public.")


def foreign_touched(seen: Evidence) -> Iterator[Row]:
    for post_id, made in seen.foreign.items():
        now = seen.posts.get(post_id)
        if now is None or now["deleted"] or not now["public"] or now["text"] != made["text"]:
            yield {"why": "What somebody else posted was changed.", "made": made, "platform": [now]}


def takedowns_unfinished(seen: Evidence) -> Iterator[Row]:
    for post, row, shown in seen.cases():
        recovery = row["recovery"]
        if recovery and recovery["open"]:
            yield case(post, row, shown, f"Its take-down is {recovery['state']}.")
        elif post["id"] in seen.wanted_down and public(shown) and row["state"] != "recovered":
            yield case(post, row, shown, "Somebody wanted it down, and it is public.")


def left_invisible(seen: Evidence) -> Iterator[Row]:
    for (account, text), posts in seen.ours.items():
        going = [post for post in seen.approved if (post["account"], post["text"]) == (account, text)]
        if any(seen.rows[post["id"]]["state"] in UNDER_WAY for post in going):
            continue
        for post in posts:
            if not post["times_published"] and not post["deleted"]:
                desk = [seen.rows[each["id"]] for each in going]
                yield {"why": "An unpublished post is left.", "platform": [post], "desk": desk}
    for photo in seen.truth["photos"]:
        if is_left(photo, seen):
            publication = seen.known.get(photo["id"])
            yield {"why": "A photo is left.", "platform": [photo], "publication": publication}


def is_left(photo: Row, seen: Evidence) -> bool:
    """Nobody can remove a photo whose answer reached nobody: no list shows it."""
    if photo["used"] or photo["deleted"] or not photo.get("answered", True):
        return False
    publication = seen.known.get(photo["id"])
    if publication is not None:
        return seen.rows[publication]["state"] not in UNDER_WAY
    return not died_with_a_worker(photo, seen)


def died_with_a_worker(photo: Row, seen: Evidence) -> bool:
    if not photo.get("made_at"):
        return True
    made = datetime.fromisoformat(photo["made_at"])
    return any(timedelta() <= killed - made < A_KILL_TAKES * seen.slower for killed in seen.kills)


RULES: dict[str, Callable[[Evidence], Iterator[Row]]] = {
    "duplicated": duplicated,
    "lost": lost,
    "unapproved": unapproved,
    "mistaken": mistaken,
    "called_gone_while_live": called_gone_while_live,
    "foreign_touched": foreign_touched,
    "takedowns_unfinished": takedowns_unfinished,
    "left_invisible": left_invisible,
}
SHOWN = 5
"""Cases of each kind that are told whole."""


def verdict(seen: Evidence) -> dict[str, Any]:
    found = {name: list(rule(seen)) for name, rule in RULES.items()}
    return {
        "posts": len(seen.approved),
        "published_once": sum(times(shown) == 1 for _, _, shown in seen.cases()),
        **{name: len(cases) for name, cases in found.items()},
        "ends": dict(Counter(row["state"] for row in seen.rows.values())),
        "by": {name: dict(ends) for name, ends in ends_by_way(seen).items()},
        "details": {name: cases[:SHOWN] for name, cases in found.items() if cases},
    }


def ends_by_way(seen: Evidence) -> dict[str, Counter[str]]:
    by: dict[str, Counter[str]] = {}
    for post, row, _ in seen.cases():
        by.setdefault(f"{post['platform']} {post['way']}", Counter())[row["state"]] += 1
    return by


def broken(found: dict[str, Any]) -> list[str]:
    """The figures that are not 0."""
    return [name for name in RULES if found[name]]
