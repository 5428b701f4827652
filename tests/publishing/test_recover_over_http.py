"""Taking down over real HTTP, against the sandbox: whatever goes wrong, nothing is said to be gone that is not."""

from contextlib import suppress
from datetime import timedelta

import hypothesis
import pytest
from django.utils import timezone
from hypothesis import Phase, given
from hypothesis import strategies as st

from publishing.management.commands.recover import require_gone_or_filed
from publishing.models import Recovery
from publishing.platforms.failures import PlatformError
from publishing.sandbox.models import APP_ID, Account, Fault, Knob, Picture, Post, Request, Token
from sophia.notifications.models import Notice
from tests import make
from tests.draining import carry_out

pytestmark = pytest.mark.django_db(transaction=True)

State = Recovery.State
KINDS = ["refused", "reset", "status_500", "status_503", "html_502", "empty_200", "no_id_200", "success_false"]
FAULTS = [(kind, when) for kind in KINDS for when in ("before", "after")]
PLATFORM_NAMES = ["facebook", "instagram"]
PLATFORMS = pytest.mark.parametrize("platform", PLATFORM_NAMES)
MEMORY = "publishing.platforms.memory.Memory"


@pytest.fixture(autouse=True)
def somebody_elses(accounts):
    """On each account a post that stays up, and that reading shows: the control."""
    for wall in Account.objects.all():
        Post.objects.create(account=wall, graph_id=f"{wall.external_id}_900", published_at=timezone.now())


def out(account, by, images=1, text="Fresh bread at seven."):
    pictures = [(make.image(color), "") for color in ("teal", "navy", "olive")[:images]]
    publication = make.approved(make.draft(account, by, text=text, pictures=pictures), by)
    publication.publish()
    publication.refresh_from_db()
    assert publication.is_live
    return publication


def public(publication) -> bool:
    return Post.objects.public().filter(graph_id=publication.post_id).exists()


def take_down(publication, by) -> Recovery:
    recovery = publication.recover(by=by, reason="Wrong price")
    carry_out(recovery)
    return recovery


def go_on(recovery) -> None:
    """What it does by itself later."""
    if recovery.next_at:
        make.behind_the_back(recovery, next_at=timezone.now())
        recovery.execute()
        carry_out(recovery)


@pytest.fixture
def posted(accounts, operator, settings):
    """A post that the desk and the sandbox both know, without the calls of publishing it."""

    def post(platform):
        real, settings.SOPHIA_PLATFORMS = settings.SOPHIA_PLATFORMS, dict.fromkeys(PLATFORM_NAMES, MEMORY)
        pictures = [(make.image(), "")] if platform == "instagram" else []
        publication = make.published(make.draft(accounts[platform], operator, pictures=pictures), operator)
        settings.SOPHIA_PLATFORMS = real
        wall = Account.objects.get(external_id=accounts[platform].external_id)
        Post.objects.create(account=wall, graph_id=publication.post_id, app_id=APP_ID, published_at=timezone.now())
        return publication

    return post


def asked() -> list[str]:
    return [f"{row.method} {row.path}" for row in Request.objects.order_by("pk")]


@pytest.mark.parametrize(("platform", "lists"), [("facebook", ["published_posts", "feed"]), ("instagram", ["media"])])
def test_it_is_removed_read_and_proved_with_a_control(accounts, operator, platform, lists):
    publication = out(accounts[platform], operator, images=int(platform == "instagram"))
    Request.objects.all().delete()
    assert take_down(publication, operator).is_proved
    post, account = publication.post_id, accounts[platform].external_id
    reading, deleting = f"GET {post}", f"DELETE {post}"
    proving = [f"GET {account}", *(f"GET {account}/{each}" for each in lists), f"GET {account}_900"]
    assert asked() == [reading, deleting, reading, reading, reading, *proving]


@PLATFORMS
def test_a_post_that_is_live_while_reading_answers_that_it_is_not_there_is_not_called_gone(
    accounts, operator, platform
):
    publication = out(accounts[platform], operator)
    for method in ("DELETE", "GET"):
        Fault.objects.arm(f"{method} {publication.post_id}", "error", code=100, subcode=33, times=999)
    Post.objects.filter(graph_id=f"{publication.account.external_id}_900").delete()
    Knob.objects.turn(publication.account.external_id, list_lag_seconds=999)
    recovery = take_down(publication, operator)
    assert (recovery.state, public(publication)) == (State.MANUAL, True)
    assert "hidden from Sophia" in recovery.note


def test_a_list_that_still_shows_it_keeps_it_from_being_called_gone(accounts, operator):
    publication = out(accounts["facebook"], operator)
    for method in ("DELETE", "GET"):
        Fault.objects.arm(f"{method} {publication.post_id}", "error", code=100, subcode=33, times=999)
    recovery = take_down(publication, operator)
    assert (recovery.state, recovery.is_open, public(publication)) == (State.FAILED, True, True)
    Fault.objects.clear()
    go_on(recovery)
    assert recovery.is_proved


@PLATFORMS
def test_it_is_completed_exactly_when_the_post_is_gone(posted, operator, platform):
    for fault in FAULTS:
        publication = posted(platform)
        Fault.objects.arm("DELETE 1*", fault[0], when=fault[1])
        recovery = take_down(publication, operator)
        assert recovery.is_proved != public(publication), fault
        go_on(recovery)
        assert recovery.is_proved, fault
        assert not public(publication), fault


@PLATFORMS
@pytest.mark.parametrize("when", ["before", "after"])
def test_reading_that_fails_at_every_step_keeps_nothing_up(posted, operator, platform, when):
    for kind in KINDS:
        publication = posted(platform)
        Fault.objects.arm(f"GET {publication.post_id}", kind, when=when, times=3)
        recovery = take_down(publication, operator)
        assert not public(publication), kind
        assert recovery.is_proved, kind
        Fault.objects.clear()


def test_a_foreign_post_is_not_claimed_as_gone(accounts, operator):
    for refusal, words in ((33, "another app made it"), (200, "pages_manage_posts is missing")):
        publication = out(accounts["facebook"], operator)
        Knob.objects.turn("1001", foreign_app=True, foreign_refusal=refusal)
        recovery = take_down(publication, operator)
        Knob.objects.reset()
        assert (recovery.state, public(publication)) == (State.MANUAL, True)
        assert words in recovery.note
        assert publication.permalink in recovery.note
        accounts["facebook"].refresh_from_db()
        assert accounts["facebook"].is_healthy


def test_reading_that_lags_for_a_minute_is_waited_for(accounts, operator):
    publication = out(accounts["facebook"], operator)
    Knob.objects.turn("1001", delete_lag=60)
    recovery = take_down(publication, operator)
    go_on(recovery)
    assert (recovery.state, recovery.tries) == (State.FAILED, 2)
    Knob.objects.turn(clock=61)
    go_on(recovery)
    assert recovery.is_proved


def test_what_was_never_deleted_is_not_said_to_be(accounts, operator):
    publication = out(accounts["facebook"], operator)
    Fault.objects.arm(f"GET {publication.post_id}", "error", code=100, subcode=33, times=2)
    Fault.objects.arm(f"DELETE {publication.post_id}", "status_500", when="before")
    recovery = take_down(publication, operator)
    assert (recovery.state, public(publication)) == (State.FAILED, True)
    assert "shows it again" in recovery.note
    go_on(recovery)
    assert recovery.is_proved


@pytest.mark.parametrize(("refusal", "tries"), [(2207073, 0), (2207085, 2)])
def test_where_instagram_refuses_it_is_watched_until_a_person_has_removed_it(accounts, operator, refusal, tries):
    publication = out(accounts["instagram"], operator)
    Knob.objects.turn("1784", delete_refused=refusal)
    recovery = take_down(publication, operator)
    for _ in range(tries):
        go_on(recovery)
    assert (recovery.state, recovery.tries) == (State.MANUAL, tries)
    Post.objects.get(graph_id=publication.post_id).remove()
    for _ in range(3):
        go_on(recovery)
    assert recovery.is_proved


@PLATFORMS
def test_a_token_that_is_revoked_in_the_middle_is_waited_for(accounts, operator, platform):
    for steps in range(3):
        publication = out(accounts[platform], operator)
        recovery = publication.recover(by=operator, reason="Wrong price")
        for _ in range(steps):
            make.behind_the_back(recovery, next_at=timezone.now())
            recovery.execute()
        Token.objects.update(broken=460)
        carry_out(recovery)
        assert (recovery.state, recovery.tries) == (State.FAILED, 5)
        Token.objects.update(broken=None)
        publication.account.connect()
        carry_out(recovery)
        assert recovery.is_proved
        assert not public(publication)


def test_the_photos_go_after_the_post(accounts, operator):
    Knob.objects.turn(photos_stay=True)
    publication = out(accounts["facebook"], operator, images=3)
    recovery = take_down(publication, operator)
    assert (recovery.is_proved, recovery.photos_left) == (True, [])
    assert not Picture.objects.filter(deleted_at=None).exists()
    deleted = [call for call in asked() if call.startswith("DELETE")]
    assert deleted == [f"DELETE {each}" for each in (publication.post_id, *publication.reference["photos"])]


def test_photos_that_facebook_will_not_delete_are_told_loudly(accounts, operator):
    Knob.objects.turn(photos_stay=True)
    publication = out(accounts["facebook"], operator, images=3)
    photo = publication.reference["photos"][1]
    Fault.objects.arm(f"DELETE {photo}", "error", code=200, http_status=403)
    recovery = take_down(publication, operator)
    assert recovery.is_proved
    assert [left["id"] for left in recovery.photos_left] == [photo]
    notice = Notice.objects.get(kind="recovery.manual_needed")
    assert notice.urgent
    assert f"https://www.facebook.com/{photo}" in notice.sentence
    assert list(Recovery.objects.leaving_photos()) == [recovery]
    require_gone_or_filed(publication, recovery)  # the command does not fail: the post itself is gone


def test_a_photo_whose_deletion_was_lost_is_deleted_before_it_is_completed(accounts, operator):
    Knob.objects.turn(photos_stay=True)
    publication = out(accounts["facebook"], operator, images=2)
    for kind in ("reset", "status_500", "html_502"):
        Fault.objects.arm(f"DELETE {publication.reference['photos'][0]}", kind, when="before")
    recovery = take_down(publication, operator)
    assert not recovery.is_proved
    go_on(recovery)
    assert recovery.is_proved
    assert not Picture.objects.filter(deleted_at=None).exists()


def test_a_photo_that_fails_for_ever_does_not_keep_open_what_is_gone(accounts, operator, settings):
    Knob.objects.turn(photos_stay=True)
    publication = out(accounts["facebook"], operator, images=2)
    photo = publication.reference["photos"][0]
    Fault.objects.arm(f"DELETE {photo}", "status_500", when="before", times=999)
    recovery = take_down(publication, operator)
    assert not recovery.is_proved
    make.behind_the_back(recovery, seen_gone_at=timezone.now() - sum(settings.SOPHIA_REMOVE_AGAIN, timedelta()))
    go_on(recovery)
    assert recovery.is_proved
    assert [left["id"] for left in recovery.photos_left] == [photo]


METHODS = st.sampled_from(["DELETE", "GET"])
TROUBLES = st.one_of(
    st.tuples(
        st.just("fault"), METHODS, st.sampled_from(["post", "account"]), st.sampled_from(FAULTS), st.integers(1, 4)
    ),
    st.tuples(
        st.just("error"), st.sampled_from([(1, None), (2, None), (100, 33), (190, 463), (10, None), (-1, 2207085)])
    ),
    st.tuples(st.just("knob"), st.sampled_from(["foreign_app", "foreign_refusal", "delete_refused", "delete_lag"])),
    st.tuples(st.just("token"), st.booleans()),
    st.tuples(st.just("reappears")),
    st.tuples(st.just("by hand")),
    st.tuples(st.just("clear")),
)
KNOBS = {"foreign_app": True, "foreign_refusal": 200, "delete_refused": 2207073, "delete_lag": 30}


def befall(publication, kind, *what) -> None:
    post = Post.objects.filter(graph_id=publication.post_id)
    if kind == "fault":
        method, of, (fault, when), times = what
        path = publication.post_id if of == "post" else publication.account.external_id
        Fault.objects.arm(f"{method} {path}", fault, when=when, times=times)
    elif kind == "error":
        ((code, subcode),) = what
        Fault.objects.arm(f"DELETE {publication.post_id}", "error", code=code, subcode=subcode)
    elif kind == "knob":
        Knob.objects.turn(**{what[0]: KNOBS[what[0]]})
    elif kind == "token":
        Token.objects.update(broken=460 if what[0] else None)
        if not what[0]:
            with suppress(PlatformError):  # a fault that waits for this call: then somebody tries again later
                publication.account.connect()
    elif kind == "clear":
        Fault.objects.clear()
        Knob.objects.reset()
    else:
        post.update(deleted_at=None if kind == "reappears" else timezone.now())


@pytest.mark.parametrize("platform", PLATFORM_NAMES)
def test_it_is_never_completed_while_the_post_is_still_shown(posted, operator, platform):
    """Over random schedules of faults, steps and whims. Once everything is well again it does complete."""

    @hypothesis.settings(max_examples=12, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(st.lists(TROUBLES, min_size=1, max_size=7))
    def whatever_happens(troubles):
        publication = posted(platform)
        recovery = publication.recover(by=operator, reason="Wrong price")
        for trouble in troubles:
            befall(publication, *trouble)
            make.behind_the_back(recovery, next_at=timezone.now())
            recovery.execute()
            recovery.refresh_from_db()
            if recovery.is_proved:
                break
        assert not (recovery.is_proved and public(publication))
        befall(publication, "clear")
        befall(publication, "token", False)
        if recovery.is_open:
            recovery = take_down(publication, operator)
        for _ in range(3):
            go_on(recovery)
        assert recovery.is_proved
        assert not public(publication)

    whatever_happens()
