import pytest
from django.utils import timezone

from publishing.platforms import memory
from publishing.platforms.base import Credentials, Fate, Kind, MustGoByHand, PlatformError, SecondStepRefused, Sight
from publishing.platforms.memory import Memory

LOST = PlatformError(Kind.UNKNOWN, "The line went dead.")
NOBODY = frozenset()


@pytest.fixture
def platform(outbox):
    return Memory(Credentials("1", "token"), base_url="", version="")


@pytest.fixture
def direct(outbox):
    return Memory(Credentials("1", "token", direct=True), base_url="", version="")


def test_preparing_is_invisible_and_committing_is_public(platform, outbox, text):
    reference = platform.prepare(text)
    assert outbox == []
    receipt = platform.commit(text, reference)
    assert [(posted.post_id, posted.content, posted.live) for posted in outbox] == [(receipt.post_id, text, True)]
    assert [call.verb for call in platform.calls] == ["prepare", "commit"]


def test_the_same_reference_is_public_once(platform, outbox, text):
    reference = platform.prepare(text)
    assert platform.commit(text, reference) == platform.commit(text, reference)
    assert len(outbox) == 1


def test_the_direct_way_can_post_twice(direct, outbox, text):
    reference = direct.prepare(text)
    assert direct.commit(text, reference) != direct.commit(text, reference)
    assert len(outbox) == 2


@pytest.mark.parametrize(("after", "fate"), [(False, Fate.NOT_LIVE), (True, Fate.LIVE)])
def test_a_failure_comes_before_or_after_the_effect(platform, text, after, fate):
    reference = platform.prepare(text)
    memory.fail_next("commit", LOST, after=after)
    with pytest.raises(PlatformError):
        platform.commit(text, reference)
    assert platform.find(text, reference, timezone.now(), NOBODY).fate is fate
    assert platform.commit(text, reference).post_id


def test_a_direct_post_is_a_candidate_unless_it_belongs_to_another(direct, text):
    since = timezone.now()
    reference = direct.prepare(text)
    assert direct.find(text, reference, since, NOBODY).fate is Fate.UNSURE
    receipt = direct.commit(text, reference)
    found = direct.find(text, reference, since, NOBODY)
    assert (found.fate, found.receipt, found.candidates[0].receipt) == (Fate.UNSURE, None, receipt)
    assert direct.find(text, reference, since, frozenset({receipt.post_id})).candidates == ()


def test_a_refused_second_step_leaves_nothing_prepared(platform, outbox, text):
    reference = platform.prepare(text)
    memory.fail_next("commit", SecondStepRefused(Kind.RETRY, "Not here."))
    with pytest.raises(SecondStepRefused):
        platform.commit(text, reference)
    assert platform.find(text, reference, timezone.now(), NOBODY).fate is Fate.ABSENT
    assert outbox == []


def test_what_was_discarded_must_be_prepared_again(platform, text):
    reference = platform.prepare(text)
    platform.discard("post", reference["key"])
    with pytest.raises(PlatformError) as caught:
        platform.commit(text, reference)
    assert caught.value.start_over


def test_removing_is_proved_and_repeatable(platform, outbox, text):
    post_id, other = [platform.commit(text, platform.prepare(text)).post_id for _ in range(2)]
    assert platform.prove_gone(post_id).sight is Sight.LIVE
    assert platform.remove(post_id) is platform.remove(post_id) is Sight.GONE
    assert platform.prove_gone(post_id).control == other
    assert platform.prove_gone(other).sight is Sight.LIVE
    assert [posted.live for posted in outbox] == [False, True]


def test_some_posts_only_a_person_can_remove(platform, outbox, text):
    post_id = platform.commit(text, platform.prepare(text)).post_id
    memory.by_hand.add(post_id)
    with pytest.raises(MustGoByHand):
        platform.remove(post_id)
    outbox[0].live = False
    assert platform.remove(post_id) is Sight.GONE


@pytest.mark.parametrize(
    "verb", ["prepare", "commit", "find", "discard", "remove", "is_readable", "prove_gone", "check"]
)
def test_every_verb_can_fail_once(platform, text, verb):
    reference = platform.prepare(text)
    arguments = {"prepare": [text], "commit": [text, reference], "find": [text, reference, timezone.now(), NOBODY]}
    arguments |= {
        "discard": ["post", reference["key"]],
        "remove": ["1"],
        "is_readable": ["1"],
        "prove_gone": ["1"],
        "check": [],
    }
    memory.fail_next(verb, LOST)
    with pytest.raises(PlatformError, match="went dead"):
        getattr(platform, verb)(*arguments[verb])
    assert memory.faults == []
