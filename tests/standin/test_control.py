"""What a judge and a storm need of the stand-in."""

import pytest
import requests

from tests.standin.conftest import PAGE, PROFILE
from tests.standin.tempers import ODDS, TEMPERS, temper


@pytest.fixture
def tell(standin):
    def ask(method, name, **body):
        return requests.request(method, f"{standin.url}/{name}", json=body, timeout=5)

    return ask


def test_the_truth_holds_what_is_hidden_from_everybody(standin, facebook, content, tell):
    post_id = facebook.prepare(content(1))["post_id"]
    tell("POST", "_knobs", account=PAGE, hides_posts=True)
    truth = tell("GET", "_truth").json()
    [post], [photo] = truth["posts"], truth["photos"]
    assert (post["id"], post["public"], post["images"], post["times_published"]) == (post_id, False, 1, 0)
    assert (photo["used"], photo["answered"], photo["deleted"]) == (True, True, False)
    assert facebook.seen(post_id, "id") is None


def test_a_photo_whose_answer_was_lost_is_known_as_such(facebook, content, tell):
    tell("POST", "_faults", on="POST */photos", kind="empty_200", when="after")
    with pytest.raises(Exception, match="says nothing"):
        facebook.prepare(content(1))
    assert [photo["answered"] for photo in tell("GET", "_truth").json()["photos"]] == [False]


def test_somebody_else_posts_and_a_person_takes_it_down(tell):
    made = tell("POST", "_foreign", account=PROFILE, text="", images=1, offset_seconds=-60).json()["id"]
    assert tell("GET", "_truth").json()["posts"][0]["foreign"]
    assert tell("POST", "_remove", id=made).json() == {"removed": True}
    assert tell("POST", "_remove", id=made).json() == {"removed": False}
    assert not tell("GET", "_truth").json()["posts"][0]["public"]


def test_a_deleted_post_comes_back_once(standin, facebook, content, tell):
    tell("POST", "_knobs", account=PAGE, comes_back_after=60)
    made = facebook.commit(content(), facebook.prepare(content())).post_id
    for seen in (True, False):
        facebook.remove(made)
        tell("POST", "_knobs", clock=standin.world.knobs.get("", {}).get("clock", 0) + 61)
        assert facebook.is_readable(made) is seen


def test_deletions_without_effect_are_counted(standin, facebook, content, tell):
    tell("POST", "_knobs", account=PAGE, delete_without_effect=1)
    made = facebook.commit(content(), facebook.prepare(content())).post_id
    assert [facebook.remove(made), facebook.remove(made)] == ["live", "gone"]


def test_every_request_is_kept_without_its_token(facebook, tell):
    facebook.check()
    [row] = tell("GET", f"_requests?path={PAGE}").json()["requests"]
    assert (row["method"], row["token_in"], row["status"]) == ("GET", "header", 200)


@pytest.mark.parametrize("body", [{"nonsense": 1}, {"on": "GET *", "kind": "nonsense"}, {"id": "1"}])
def test_what_it_does_not_have_is_refused(tell, body):
    name = "_knobs" if "nonsense" in body else "_faults" if "kind" in body else "_accounts"
    assert tell("POST", name, **body).status_code == 400


def test_dice_of_one_seed_always_fall_alike_and_a_temper_knows_only_knobs():
    assert temper("7:1001") == temper("7:1001") != temper("8:1001")
    assert set(temper("7:1001")) == set(ODDS)
    assert all(TEMPERS["old"][name] is not None for name in TEMPERS["old"])
