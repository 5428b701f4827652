"""Whoever sits at the desk meanwhile: wants some posts down and some cancelled, and answers what the desk asks by
looking at the platform. Notes every lie that the desk tells."""

from collections import Counter
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tests.chaos.cast import RETURNING
from tests.chaos.desk import Desk
from tests.chaos.judge import UNDER_WAY, Row
from tests.chaos.processes import Platform

DOWN, CANCELLED = 0.1, 0.04
"""Parts of the posts."""
MOST_RETRIES = 3
LATE = 60
"""Seconds. What is due later than in a minute is hurried once the storm is over."""
DAY = 6
"""Rounds that a day takes once the storm is over, for whatever waits for the next one."""


class Person:
    def __init__(self, desk: Desk, platform: Platform, approved: list[Row], dice: Random):
        self.desk, self.platform = desk, platform
        self.approved = {post["id"]: post for post in approved}
        chosen = dice.sample(sorted(self.approved), round(len(approved) * (DOWN + CANCELLED)))
        self.to_take_down = set(chosen[: round(len(approved) * DOWN)])
        self.to_cancel = set(chosen) - self.to_take_down
        self.filed: set[int] = set()
        self.retries: Counter[int] = Counter()
        self.asked: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.lies: dict[int, Row] = {}
        self.rounds = 0
        self.look()

    def look(self) -> None:
        """The desk first: what it says was so before the platform is seen."""
        self.rows = {row["id"]: row for row in self.desk.run("states")}
        self.truth = self.platform.truth()
        self.public: dict[tuple[str, str], list[Row]] = {}
        for post in self.truth["posts"]:
            if post["public"] and not post["foreign"]:
                self.public.setdefault((post["account"], post["text"]), []).append(post)
        self.note_lies()

    def shown(self, row: Row) -> list[Row]:
        post = self.approved[row["id"]]
        return self.public.get((post["account"], post["text"]), [])

    def note_lies(self) -> None:
        for row in self.rows.values():
            live = [post for post in self.shown(row) if not has_returned(post)]
            if row["state"] == "recovered" and live and row["id"] not in self.lies:
                why = "The desk said that it is gone, and it was public."
                self.lies[row["id"]] = {"publication": row["id"], "why": why, "desk": row, "platform": live}

    def work(self, calm: bool = False) -> None:
        """One round at the desk."""
        self.look()
        self.rounds += 1
        orders = [order for row in self.rows.values() for order in self.orders_for(row, calm)]
        if not orders:
            return
        for order, said in zip(orders, self.desk.run("act", orders), strict=True):
            verb, publication = order[:2]
            self.asked[f"{verb} {self.approved[publication]['way']}"] += 1
            if said:
                self.refusals[f"{verb}: {said}"[:200]] += 1
            elif verb == "recover":
                self.filed.add(publication)

    def orders_for(self, row: Row, calm: bool) -> list[list[Any]]:
        return [*self.wishes(row), *self.answers(row), *(self.second_tries(row) if calm else [])]

    def wishes(self, row: Row) -> list[list[Any]]:
        pk, on_its_way = row["id"], row["state"] in {"publishing", "unconfirmed", "published"}
        if pk in self.to_take_down and pk not in self.filed and on_its_way:
            return [["recover", pk]]
        if pk in self.to_cancel and row["state"] == "queued" and row["prepared"]:
            return [["cancel", pk]]
        if row["recovery"] and row["recovery"]["undecided"]:
            return [["recover", pk]]  # The one press after it has come back.
        return []

    def answers(self, row: Row) -> list[list[Any]]:
        live = self.shown(row)
        if row["asks"]:
            return [["live", row["id"], self.link(live[0])] if live else ["not_live", row["id"]]]
        if row["alike"]:
            return [["release", row["id"]]]
        if row["state"] == "published" and not row["post_id"] and live:
            return [["identify", row["id"], live[0]["id"], self.link(live[0])]]
        recovery = row["recovery"]
        if recovery and recovery["by_hand"]:
            return self.remove_by_hand(row, live)
        if recovery and recovery["photos_left"]:
            self.remove(recovery["photos_left"])
        return []

    def link(self, post: Row) -> str:
        """As a person would copy it, where it leads to the platform at all."""
        found = str(post.get("permalink") or "")
        return found if urlsplit(found).netloc == urlsplit(self.platform.url).netloc else ""

    def remove_by_hand(self, row: Row, live: list[Row]) -> list[list[Any]]:
        """The desk looks by itself, if it can. If it cannot, they tell it in the next round."""
        self.remove([post["id"] for post in live])
        return [] if live else [["witness", row["id"]]]

    def remove(self, ids: list[str]) -> None:
        for each in ids:
            self.platform.remove(each)
            self.asked["by hand"] += 1

    def second_tries(self, row: Row) -> list[list[Any]]:
        """Whoever was told of a failure tries it again when everything is whole."""
        pk, unwanted = row["id"], self.to_take_down | self.to_cancel
        if row["state"] == "failed" and pk not in unwanted and self.retries[pk] < MOST_RETRIES:
            self.retries[pk] += 1
            return [["retry", pk]]
        if row["state"] == "queued" and row["due_in"] > LATE:
            return [["hurry", pk]]
        return []

    def tidy(self) -> None:
        """The day after: what was blocked for a day is free, and what the desk told of is removed."""
        if self.rounds % DAY == 0:
            self.desk.run("tomorrow")
        told = set(self.desk.run("leftovers"))
        for publication in told:
            post = self.approved[publication]
            left = [each["id"] for each in self.truth["posts"] if is_left_of(post, each)]
            self.remove(left)
        if told:
            self.desk.run("act", [["settle_leftovers", publication] for publication in told])

    @property
    def is_busy(self) -> bool:
        return any(row["state"] in UNDER_WAY for row in self.rows.values())

    @property
    def waits_for_take_downs(self) -> bool:
        """Those that the desk carries out, or that were not asked for yet."""
        open_ = any(row["recovery"] and row["recovery"]["open"] for row in self.rows.values())
        return open_ or any(self.rows[pk]["state"] == "published" for pk in self.to_take_down)


def has_returned(post: Row) -> bool:
    """It was gone, and came back by itself. A stand-in may not tell: then it is where they do."""
    return bool(post.get("returned", post["account"] in RETURNING))


def is_left_of(post: Row, each: Row) -> bool:
    same = (each["account"], each["text"]) == (post["account"], post["text"])
    return same and not each["foreign"] and not each["times_published"] and not each["deleted"]
