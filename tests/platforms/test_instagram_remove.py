import pytest

from publishing.platforms.base import Health, Kind, MustGoByHand, PlatformError, Quota, Sight
from tests.platforms.scripted import GONE, RESET, raw, refuses, says

ACCOUNT = says(id="17840", username="bakery")
THERE = says(id="m1")
YES = says(success=True, deleted_id="m1")
PERSON = [refuses(-1, 2207073), refuses(10, status=403), refuses(200, status=403), refuses(3), GONE]
FATAL = refuses(-1, 2207085)


def refused(action):
    with pytest.raises(PlatformError) as caught:
        action()
    return caught.value


@pytest.mark.parametrize("answer", [YES, RESET, says(success=False), refuses(1), FATAL, *PERSON])
def test_what_it_shows_is_what_reading_says_whatever_the_answer_was(instagram, server, answer):
    server.answers(THERE, answer, GONE)
    assert instagram.remove("m1") is Sight.GONE
    assert server.asked == ["GET /v26.0/m1", "DELETE /v26.0/m1", "GET /v26.0/m1"]


@pytest.mark.parametrize("answer", PERSON)
def test_what_instagram_does_not_let_apps_remove_is_for_a_person_at_once(instagram, server, answer):
    server.answers(THERE, answer, THERE)
    refusal = refused(lambda: instagram.remove("m1"))
    assert isinstance(refusal, MustGoByHand)
    assert refusal.kind is Kind.REJECTED


def test_a_refusal_without_a_reason_is_for_a_person_if_it_comes_again(instagram, server):
    server.answers(THERE, FATAL, THERE)
    refusal = refused(lambda: instagram.remove("m1"))
    assert isinstance(refusal, MustGoByHand)
    assert refusal.kind is Kind.RETRY


@pytest.mark.parametrize("answer", [refuses(1), refuses(-1, 2207001), raw(b"", 500)])
def test_a_passing_failure_may_be_repeated(instagram, server, answer):
    server.answers(THERE, answer, THERE)
    refusal = refused(lambda: instagram.remove("m1"))
    assert refusal.kind is Kind.RETRY
    assert not isinstance(refusal, MustGoByHand)


@pytest.mark.parametrize("answers", [[GONE, GONE], [refuses(190)]])
def test_an_unreadable_account_proves_nothing(instagram, server, answers):
    server.answers(*answers)
    assert refused(lambda: instagram.prove_gone("m1")).kind is Kind.AUTH


def test_looking_again_only_reads(instagram, server):
    server.answers(THERE, GONE, ACCOUNT, says(data=[{"id": "m2"}]), says(id="m2"))
    assert [instagram.prove_gone("m1").sight for _ in range(2)] == [Sight.LIVE, Sight.GONE]
    assert {request.method for request in server.requests} == {"GET"}


def test_containers_are_left_to_expire(instagram, server):
    assert instagram.discard("container", "c1")
    assert server.requests == []


def test_checking_reads_the_name_and_the_quota(instagram, server):
    server.answers(ACCOUNT, says(data=[{"quota_usage": 2, "config": {"quota_total": 50, "quota_duration": 86400}}]))
    assert instagram.check() == Health("bakery", ("2 of 50 posts used in 24 hours",), Quota(50, 2))


@pytest.mark.parametrize("quota", [RESET, refuses(10), says(data=[]), says(data=[{"quota_usage": 2}])])
def test_checking_does_without_the_quota(instagram, server, quota):
    server.answers(ACCOUNT, quota)
    assert instagram.check() == Health("bakery", ())


@pytest.mark.parametrize(("answer", "kind"), [(GONE, Kind.REJECTED), (refuses(190), Kind.AUTH)])
def test_checking_says_what_is_wrong(instagram, server, answer, kind):
    server.answers(answer)
    assert refused(instagram.check).kind is kind


def test_the_steps_by_hand_name_the_post_and_the_phone(instagram):
    steps = instagram.removal_steps("https://i/8")
    assert "https://i/8" in " ".join(steps)
    assert "phone" in steps[0]
