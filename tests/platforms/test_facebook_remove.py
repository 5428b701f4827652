import pytest

from publishing.platforms.base import Absence, Health, Kind, MustGoByHand, PlatformError, Sight
from tests.platforms.scripted import GONE, RESET, raw, refuses, says

POST = "1001_5"
TWO_STEP = {"way": "two_step", "post_id": POST, "photos": ["71"]}
PAGE = says(id="1001", name="Bakery")
THERE = says(id=POST)
HIDDEN = says(id=POST, is_published=False)
YES = says(success=True)


def refused(action):
    with pytest.raises(PlatformError) as caught:
        action()
    return caught.value


@pytest.mark.parametrize("answer", [YES, RESET, raw(b"", 502), says(success=False), GONE, refuses(1), refuses(803)])
def test_what_it_shows_is_what_reading_says_whatever_the_answer_was(facebook, server, answer):
    server.answers(THERE, answer, GONE)
    assert facebook.remove(POST) is Sight.GONE
    assert server.asked == ["GET /v26.0/1001_5", "DELETE /v26.0/1001_5", "GET /v26.0/1001_5"]
    assert facebook.seen_live_at


@pytest.mark.parametrize("reading", [GONE, RESET, refuses(2), refuses(10, status=403)])
def test_it_is_deleted_also_where_it_could_not_be_read_before(facebook, server, reading):
    server.answers(reading, YES, GONE)
    assert facebook.remove(POST) is Sight.GONE
    assert facebook.seen_live_at is None


def test_deleted_but_still_shown_is_to_be_looked_at_again(facebook, server):
    server.answers(THERE, YES, THERE)
    assert facebook.remove(POST) is Sight.LIVE
    assert facebook.deleted_at


@pytest.mark.parametrize("reading", [RESET, raw(b"{}"), refuses(1)])
def test_deleted_but_unreadable_is_unclear(facebook, server, reading):
    server.answers(THERE, YES, reading)
    assert facebook.remove(POST) is Sight.UNCLEAR


def test_a_post_of_another_app_is_for_a_person(facebook, server):
    server.answers(THERE, GONE, THERE)
    refusal = refused(lambda: facebook.remove(POST))
    assert isinstance(refusal, MustGoByHand)
    assert "another app made it" in str(refusal)
    assert facebook.deleted_at is None


@pytest.mark.parametrize("code", [3, 10, 200, 283])
def test_a_missing_permission_is_named_and_for_a_person(facebook, server, code):
    server.answers(THERE, refuses(code, status=403), THERE)
    refusal = refused(lambda: facebook.remove(POST))
    assert isinstance(refusal, MustGoByHand)
    assert "pages_manage_posts is missing" in str(refusal)


def test_an_unreadable_page_proves_nothing(facebook, server):
    server.answers(GONE, GONE)
    assert refused(lambda: facebook.prove_gone(POST)).kind is Kind.AUTH


@pytest.mark.parametrize("answer", [RESET, refuses(1), refuses(2, status=503), raw(b"", 500), says(success=False)])
def test_a_delete_that_had_no_effect_may_be_repeated(facebook, server, answer):
    server.answers(THERE, answer, THERE)
    assert refused(lambda: facebook.remove(POST)).kind is Kind.RETRY


@pytest.mark.parametrize("answers", [[YES, refuses(190)], [RESET, refuses(190)], [refuses(190), refuses(190)]])
def test_a_token_that_dies_in_the_middle_proves_nothing(facebook, server, answers):
    server.answers(THERE, *answers)
    assert refused(lambda: facebook.remove(POST)).kind is Kind.AUTH


def test_a_lost_delete_after_which_reading_fails_too_may_be_repeated(facebook, server):
    server.answers(THERE, RESET, RESET)
    assert refused(lambda: facebook.remove(POST)).kind is Kind.RETRY


@pytest.mark.parametrize("answers", [[refuses(32, status=403)], [THERE, refuses(32, status=403)]])
def test_a_rate_limit_stops_everything(facebook, server, answers):
    server.answers(*answers)
    assert refused(lambda: facebook.remove(POST)).kind is Kind.WAIT


def test_the_photos_of_a_post_are_pieces_of_their_own(facebook):
    assert facebook.pieces(TWO_STEP) == ("71",)
    assert facebook.pieces({}) == ()


@pytest.mark.parametrize("answer", [YES, RESET, GONE])
def test_a_photo_is_gone_when_it_cannot_be_read(facebook, server, answer):
    server.answers(answer, GONE)
    facebook.remove_piece("71")
    assert server.asked == ["DELETE /v26.0/71", "GET /v26.0/71"]


@pytest.mark.parametrize("answer", [GONE, refuses(200, status=403), refuses(100)])
def test_a_photo_that_facebook_will_not_delete_is_for_a_person(facebook, server, answer):
    server.answers(answer, says(id="71"))
    assert isinstance(refused(lambda: facebook.remove_piece("71")), MustGoByHand)


@pytest.mark.parametrize("answer", [YES, RESET, refuses(2)])
def test_a_photo_that_is_still_there_may_be_repeated(facebook, server, answer):
    server.answers(answer, says(id="71"))
    assert refused(lambda: facebook.remove_piece("71")).kind is Kind.RETRY


def test_looking_again_only_reads(facebook, server):
    server.answers(THERE, GONE, PAGE, listing("1001_8"), listing(), says(id="1001_8"))
    assert facebook.prove_gone(POST) == Absence(Sight.LIVE)
    assert facebook.prove_gone(POST) == Absence(Sight.GONE, "1001_8")
    assert {request.method for request in server.requests} == {"GET"}


def listing(*ids, **more):
    return says(data=[{"id": each, **more} for each in ids])


def test_without_another_post_that_can_be_read_nothing_is_proved(facebook, server):
    server.answers(GONE, PAGE, listing("1001_8"), refuses(10), GONE)
    assert not facebook.prove_gone(POST).is_controlled


def test_a_post_of_ours_is_the_control_before_what_lists_show(facebook, server):
    server.answers(GONE, PAGE, listing("1001_8"), listing(), says(id="1001_6", is_published=True))
    assert facebook.prove_gone(POST, ["1001_6"]).control == "1001_6"


@pytest.mark.parametrize("hidden", [GONE, RESET, says(id="1001_6", is_published=False)])
def test_a_control_that_is_not_public_is_none(facebook, server, hidden):
    server.answers(GONE, PAGE, listing(), listing(), hidden)
    assert facebook.prove_gone(POST, ["1001_6"]).control == ""


def test_what_an_account_lists_unpublished_is_no_control(facebook, server):
    server.answers(GONE, PAGE, listing("1001_8", is_published=False), listing())
    assert not facebook.prove_gone(POST).is_controlled


@pytest.mark.parametrize("lists", [[listing("1001_5"), listing()], [RESET, listing("5")]])
def test_what_a_list_still_shows_is_not_gone(facebook, server, lists):
    server.answers(GONE, PAGE, *lists)
    assert facebook.prove_gone(POST, ["1001_6"]).sight is Sight.UNCLEAR


def test_the_post_itself_is_never_its_own_control(facebook, server):
    server.answers(GONE, PAGE, listing(), listing())
    assert facebook.prove_gone(POST, [POST]).control == ""


def test_discarding_deletes_what_is_invisible(facebook, server):
    server.answers(HIDDEN, YES, GONE, PAGE)
    assert facebook.discard("post", POST) is True
    assert server.asked[:2] == ["GET /v26.0/1001_5", "DELETE /v26.0/1001_5"]


@pytest.mark.parametrize("post", [says(id=POST, is_published=True), says(id=POST)])
def test_discarding_never_touches_what_may_be_public(facebook, server, post):
    server.answers(post)
    assert facebook.discard("post", POST) is False


CONTROLLED = [GONE, PAGE, listing("1001_8"), listing(), says(id="1001_8", is_published=True)]
"""It cannot be read, and another post of the account can."""


@pytest.mark.parametrize("name", ["post", "photo-1"])
def test_discarding_twice_is_harmless(facebook, server, name):
    server.answers(GONE, GONE, GONE, *CONTROLLED)
    assert facebook.discard(name, POST) is True


def test_a_post_of_ours_is_a_control_for_what_was_prepared(facebook, server):
    server.answers(GONE, GONE, GONE, GONE, PAGE, listing(), listing(), says(id="1001_6", is_published=True))
    assert facebook.discard("post", POST, ["1001_6"]) is True


@pytest.mark.parametrize("name", ["post", "photo-1"])
@pytest.mark.parametrize(
    "answers",
    [[GONE, GONE, GONE], [GONE, YES, GONE], [HIDDEN, GONE, GONE]],
    ids=["never seen", "said to be deleted", "hidden in the middle"],
)
def test_where_nothing_can_be_read_nothing_was_discarded(facebook, server, name, answers):
    server.answers(*answers, GONE, PAGE, listing(), listing(), GONE)
    assert refused(lambda: facebook.discard(name, POST, ["1001_6"])).kind is Kind.RETRY


@pytest.mark.parametrize("answer", [refuses(2), YES])
def test_discarding_says_when_it_failed(facebook, server, answer):
    server.answers(HIDDEN, answer, HIDDEN)
    assert refused(lambda: facebook.discard("post", POST)).kind is Kind.RETRY


def test_a_photo_that_no_post_uses_is_deleted(facebook, server):
    server.answers(says(id="71"), YES, GONE, PAGE)
    assert facebook.discard("photo-1", "71") is True
    assert server.asked[1] == "DELETE /v26.0/71"


def test_a_photo_that_some_post_shows_stays(facebook, server):
    server.answers(says(id="71", page_story_id=POST), says(id=POST))
    assert facebook.discard("photo-1", "71") is False


def test_behind_an_unreadable_page_nothing_was_discarded(facebook, server):
    server.answers(GONE, GONE, GONE, GONE, GONE)
    assert refused(lambda: facebook.discard("post", POST)).kind is Kind.AUTH


def test_checking_reads_the_name_of_the_page(facebook, server):
    server.answers(PAGE)
    assert facebook.check() == Health("Bakery")
    assert server.requests[0].params == {"fields": "id,name"}


@pytest.mark.parametrize(
    ("answer", "kind"), [(GONE, Kind.REJECTED), (refuses(190, 460), Kind.AUTH), (RESET, Kind.RETRY)]
)
def test_checking_says_what_is_wrong(facebook, server, answer, kind):
    server.answers(answer)
    assert refused(facebook.check).kind is kind


def test_the_steps_by_hand_name_the_post(facebook):
    assert "https://f/8" in facebook.removal_steps("https://f/8")[0]
