"""Any temper, any lie and any fault that the dice give: three things hold."""

import random

import pytest

from publishing.models import Recovery
from tests.draining import carry_out
from tests.standin.conftest import PAGE, PROFILE
from tests.standin.test_desk import approved, public, see_through

pytestmark = pytest.mark.django_db

IDS = {"facebook": PAGE, "instagram": PROFILE}
KINDS = ["refused", "reset", "status_500", "status_503", "html_502", "empty_200", "no_id_200", "success_false"]
CALLS = ["POST */feed", "POST */photos", f"POST {PAGE}_*", "POST */media", "POST */media_publish", "GET *", "DELETE *"]
LIES = [
    {}, {"list_lag_seconds": 3600}, {"delete_without_effect": 1}, {"delete_lag": 3600}, {"two_step": False},
    {"publish_then_restrict": "with"}, {"read_lag": 3600}, {"duplicate_check": True}, {"in_progress_polls": 2},
]  # fmt: skip
REFUSALS = [{"code": 24, "subcode": 2207006}, {"code": 9007, "subcode": 2207027}, {"code": 506}, {"code": -1}]


def throw(standin, name, dice) -> None:
    standin.world.turn(IDS[name], {"temper": f"dice {dice.random()}", **dice.choice(LIES)})
    for _ in range(dice.choice([0, 1, 2])):
        standin.faults.arm(dice.choice(CALLS), dice.choice(KINDS), when=dice.choice(["before", "after"]))
    if dice.random() < 0.3:
        standin.faults.arm(dice.choice(CALLS[2:5:2]), "error", **dice.choice(REFUSALS))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_once_gone_when_it_is_said_and_nobody_else_is_touched(standin, accounts, operator, name, seed):
    dice = random.Random(seed)
    throw(standin, name, dice)
    told = {"account": IDS[name], "text": "Fresh bread.", "images": 1, "offset_seconds": -600}
    foreign = standin.world.post(standin.control.foreign(None, told)["id"])
    publication = approved(accounts[name], operator)
    see_through(publication)
    assert len(public(standin, IDS[name])) <= 1
    assert publication.post_id != foreign.id
    if publication.is_live and publication.post_id:
        recovery = publication.recover(by=operator, reason="Wrong price")
        carry_out(recovery)
        assert recovery.state != Recovery.State.COMPLETED or not public(standin, IDS[name])
    assert standin.world.is_public(foreign)
