"""The rules of the verdict, on truths made by hand."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.chaos.judge import RULES, Evidence, broken, verdict
from tests.chaos.person import Person

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def approved(pk=1, text="Rolls", account="1001", images=0):
    return {"id": pk, "account": account, "text": text, "images": images, "platform": "facebook", "way": "two_step"}


def row(state="published", post_id="1001_1", recovery=None, **facts):
    about = {"id": 1, "account": "1001", "state": state, "post_id": post_id, "recovery": recovery}
    return about | {"asks": False, "alike": False, "prepared": False, "due_in": 0} | facts


def taking_down(state="executing", **facts):
    usual = {"id": 7, "state": state, "open": True, "undecided": False, "by_hand": False, "photos_left": []}
    return usual | facts


def shown(post_id="1001_1", text="Rolls", account="1001", images=0, **facts):
    about = {"account": account, "id": post_id, "text": text, "images": images}
    usual = {"public": True, "deleted": False, "foreign": False, "times_published": 1}
    return about | usual | facts


def photo(photo_id="5", **facts):
    usual = {"used": False, "deleted": False, "answered": True, "made_at": NOW.isoformat()}
    return {"account": "1001", "id": photo_id} | usual | facts


def seen(*posts, rows=None, photos=(), **facts):
    rows = [row()] if rows is None else rows
    truth = {"posts": list(posts), "photos": list(photos), "containers": []}
    return Evidence([approved()], {each["id"]: each for each in rows}, truth, **facts)


def figures(evidence):
    found = verdict(evidence)
    return {name: found[name] for name in RULES if found[name]}


GONE = {"public": False, "deleted": True}
UNSEEN = {"public": False, "times_published": 0}


def test_a_post_that_went_out_once_is_fine():
    found = verdict(seen(shown()))
    assert (broken(found), found["published_once"]) == ([], 1)


@pytest.mark.parametrize(
    ("figure", "evidence"),
    [
        ("duplicated", seen(shown(), shown("1001_2", **GONE))),
        ("duplicated", seen(shown(times_published=2))),
        ("lost", seen(shown(**GONE))),
        ("lost", seen(rows=[row(state="queued")])),
        ("lost", seen(shown(), rows=[row(state="unconfirmed", post_id="")])),
        ("unapproved", seen(shown(), shown("1001_2", "Stale rolls"))),
        ("unapproved", seen(shown(images=1))),
        ("mistaken", seen(shown(), rows=[row(state="failed", post_id="")])),
        ("mistaken", seen(shown(**GONE), rows=[row(state="cancelled", post_id="")])),
        ("mistaken", seen(shown(), shown("1001_9", foreign=True), rows=[row(post_id="1001_9")])),
        ("mistaken", seen(shown(), rows=[row(post_id="")])),
        ("called_gone_while_live", seen(shown(), rows=[row(state="recovered")])),
        ("called_gone_while_live", seen(shown(), lies=[{"publication": 1, "why": "It was seen."}])),
        ("foreign_touched", seen(shown(), foreign={"1001_9": {"text": ""}})),
        ("foreign_touched", seen(shown(), shown("1001_9", "", foreign=True, **GONE), foreign={"1001_9": {"text": ""}})),
        ("takedowns_unfinished", seen(shown(), rows=[row(recovery=taking_down("failed"))])),
        ("takedowns_unfinished", seen(shown(), wanted_down={1})),
        ("left_invisible", seen(shown(), shown("1001_2", **UNSEEN))),
        ("left_invisible", seen(shown(), photos=[photo()])),
        ("left_invisible", seen(shown(), photos=[photo()], known={"5": 1})),
    ],
)
def test_a_broken_promise_is_a_figure_of_its_own(figure, evidence):
    assert figures(evidence) == {figure: 1}
    (case,) = verdict(evidence)["details"][figure]
    assert case["why"]


@pytest.mark.parametrize(
    "evidence",
    [
        seen(rows=[row(state="failed", post_id="")]),
        seen(shown(**GONE), rows=[row(state="recovered")]),
        seen(shown(), shown("1001_9", foreign=True), foreign={"1001_9": {"text": "Rolls"}}),
        seen(shown(), shown("1001_2", public=False, deleted=True, times_published=0)),
        seen(shown(), photos=[photo(answered=False)]),
        seen(shown(), photos=[photo(used=True)]),
        seen(shown(), photos=[photo(deleted=True)]),
        seen(shown(), photos=[photo()], kills=[NOW + timedelta(seconds=2)]),
        seen(shown(), photos=[photo(made_at="")]),
    ],
)
def test_what_is_nobodys_fault_is_no_figure(evidence):
    assert figures(evidence) == {}


def test_what_is_prepared_for_a_post_to_come_is_not_left():
    evidence = seen(shown(**UNSEEN), rows=[row(state="queued")], photos=[photo()], known={"5": 1})
    assert "left_invisible" not in figures(evidence)


class Desk:
    """As it would answer: with its rows, and with nothing against any order."""

    def __init__(self, *rows):
        self.rows, self.orders, self.leftovers = list(rows), [], []

    def run(self, function, *arguments):
        if function == "act":
            self.orders += arguments[0]
            return [""] * len(arguments[0])
        return self.rows if function == "states" else self.leftovers


class Wall:
    url = "http://x/sandbox"

    def __init__(self, *posts):
        self.posts, self.removed = list(posts), []

    def truth(self):
        return {"posts": self.posts, "photos": [], "containers": []}

    def remove(self, thing):
        self.removed.append(thing)


def played(desk, wall, calm=False):
    nobody = SimpleNamespace(sample=lambda population, count: [])
    person = Person(desk, wall, [approved()], nobody)
    person.work(calm)
    return person


UNSURE = row(state="unconfirmed", post_id="", asks=True)


@pytest.mark.parametrize(
    ("desk", "posts", "order"),
    [
        (UNSURE, [shown(permalink="http://x/1")], ["live", 1, "http://x/1"]),
        (UNSURE, [shown(permalink="http://elsewhere/1")], ["live", 1, ""]),
        (UNSURE, [shown("1001_9", foreign=True)], ["not_live", 1]),
        (row(post_id=""), [shown(), shown("1001_9", foreign=True)], ["identify", 1, "1001_1", ""]),
        (row(recovery=taking_down(by_hand=True)), [shown(**GONE)], ["witness", 1]),
        (row(recovery=taking_down("pending", undecided=True)), [shown(returned=True)], ["recover", 1]),
    ],
)
def test_the_person_answers_by_looking_at_the_platform(desk, posts, order):
    desk = Desk(desk)
    played(desk, Wall(*posts))
    assert desk.orders == [order]


def test_the_person_removes_by_hand_only_what_is_ours():
    wall = Wall(shown(), shown("1001_9", foreign=True))
    played(Desk(row(recovery=taking_down(by_hand=True))), wall)
    assert wall.removed == ["1001_1"]


def test_the_person_never_presses_again_while_the_desk_takes_a_post_down():
    desk = Desk(row(recovery=taking_down("failed")))
    played(desk, Wall(shown()), calm=True)
    assert desk.orders == []


def test_what_failed_is_tried_again_when_everything_is_whole():
    desk = Desk(row(state="failed", post_id=""))
    played(desk, Wall())
    played(desk, Wall(), calm=True)
    assert desk.orders == [["retry", 1]]


@pytest.mark.parametrize(("facts", "lies"), [({}, 1), ({"returned": True}, 0), (GONE, 0)])
def test_a_lie_is_noted_while_it_is_told_but_not_a_post_that_came_back(facts, lies):
    assert len(played(Desk(row(state="recovered")), Wall(shown(**facts))).lies) == lies


def test_leftovers_that_a_person_is_told_of_are_removed_by_hand():
    desk, wall = Desk(row()), Wall(shown(), shown("1001_2", **UNSEEN))
    person = played(desk, wall)
    desk.leftovers = [1]
    person.tidy()
    assert (wall.removed, desk.orders) == (["1001_2"], [["settle_leftovers", 1]])
