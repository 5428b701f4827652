import pytest

from publishing.platforms.base import Health, Kind, PlatformError, Removal
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
def test_gone_is_what_reading_proves_whatever_the_answer_was(facebook, server, answer):
    server.answers(answer, GONE, PAGE)
    assert facebook.remove(POST) is Removal.GONE
    assert server.asked == ["DELETE /v26.0/1001_5", "GET /v26.0/1001_5", "GET /v26.0/1001"]


def test_a_post_may_take_a_moment_to_go(facebook, server):
    server.answers(YES, THERE, THERE, GONE, PAGE)
    assert facebook.remove(POST) is Removal.GONE


def test_deleted_but_still_there_is_never_gone(facebook, server):
    server.answers(YES, THERE, THERE, THERE)
    error = refused(lambda: facebook.remove(POST))
    assert error.kind is Kind.UNKNOWN
    assert "still there" in str(error)


def test_a_post_of_another_app_is_for_a_person(facebook, server):
    server.answers(GONE, THERE)
    assert facebook.remove(POST) is Removal.BY_HAND


@pytest.mark.parametrize("answer", [YES, GONE, RESET])
def test_an_unreadable_page_proves_nothing(facebook, server, answer):
    server.answers(answer, GONE, GONE)
    assert refused(lambda: facebook.remove(POST)).kind is Kind.AUTH


def test_a_lost_delete_that_had_no_effect_may_be_repeated(facebook, server):
    server.answers(RESET, THERE, THERE, THERE)
    assert refused(lambda: facebook.remove(POST)).kind is Kind.RETRY


def test_a_missing_permission_is_named(facebook, server):
    server.answers(refuses(200, status=403), THERE)
    assert refused(lambda: facebook.remove(POST)).kind is Kind.AUTH


@pytest.mark.parametrize("reading", [[RESET], [raw(b"{}")], [GONE, RESET], [refuses(190)], [refuses(4)]])
def test_nothing_is_gone_when_reading_fails(facebook, server, reading):
    server.answers(YES, *reading)
    assert refused(lambda: facebook.remove(POST)).kind is not Kind.UNKNOWN


def test_a_rate_limit_stops_the_reading_too(facebook, server):
    server.answers(refuses(32, status=403))
    assert refused(lambda: facebook.remove(POST)).kind is Kind.WAIT


def test_looking_again_only_reads(facebook, server):
    server.answers(THERE, GONE, PAGE)
    assert facebook.is_gone(POST) is False
    assert facebook.is_gone(POST) is True
    assert {request.method for request in server.requests} == {"GET"}


def test_discarding_deletes_what_is_invisible(facebook, server):
    server.answers(HIDDEN, YES)
    facebook.discard(TWO_STEP)
    assert server.asked == ["GET /v26.0/1001_5", "DELETE /v26.0/1001_5"]


@pytest.mark.parametrize("post", [says(id=POST, is_published=True), says(id=POST), GONE])
def test_discarding_never_touches_what_may_be_public(facebook, server, post):
    server.answers(post)
    facebook.discard(TWO_STEP)


def test_discarding_twice_is_harmless(facebook, server):
    server.answers(HIDDEN, GONE, GONE, PAGE)
    facebook.discard(TWO_STEP)


def test_discarding_says_when_it_failed(facebook, server):
    server.answers(HIDDEN, refuses(2), HIDDEN)
    assert refused(lambda: facebook.discard(TWO_STEP)).kind is Kind.RETRY


def test_photos_alone_are_left_to_expire(facebook, server):
    facebook.discard({"way": "direct", "photos": ["71"]})
    assert server.requests == []


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
