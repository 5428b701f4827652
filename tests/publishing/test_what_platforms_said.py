"""What a platform wants nothing of: of one account's posts, of its calls, or of a whole app. It outlives a doubt."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing import gates, pulse
from publishing.models import AppThrottle, Pause, Publication, SocialAccount
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError, Scope
from publishing.platforms.errors import doubted, refusal
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from tests import make
from tests.draining import drain

pytestmark = pytest.mark.django_db
MINUTES, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPAM = {"code": 4, "error_subcode": 2207051}
LOST = PlatformError(Kind.UNKNOWN, "The line went dead.")


def of_app(wait=HOUR):
    return PlatformError(
        Kind.WAIT, "Meta says that the app calls too much.", wait=wait, throttles=True, scope=Scope.APP
    )


def pass_time(clock, **time):
    clock.tick(timedelta(**time))
    sweep()
    drain()


def lateness(account, limit):
    make.behind_the_back(account.client, lateness_limit=limit)


@pytest.fixture
def restricted(publication, clock):
    """Refused for suspected spam, without effect."""
    memory.fail_next("commit", refusal("Instagram", SPAM, irreversible=True))
    publication.publish()
    publication.refresh_from_db()
    publication.account.refresh_from_db()
    return publication


def notices(kind, **facts):
    return Notice.objects.filter(kind=kind, **facts)


def test_a_restriction_holds_the_account_while_nobody_knows_about_the_post(restricted, clock):
    account = restricted.account
    assert restricted.state == Publication.State.UNCONFIRMED
    assert account.restricted_until == timezone.now() + DAY
    assert account.restricted_because == "Instagram suspects spam and restricted the action."
    assert account.throttled_after(timezone.now()) is None


def test_what_is_proved_not_live_is_never_sent_into_a_restriction(restricted, clock, outbox):
    pass_time(clock, seconds=31)
    for _ in range(8):
        pass_time(clock, minutes=3)
    restricted.refresh_from_db()
    assert restricted.state == Publication.State.QUEUED
    assert restricted.account.calls.filter(verb="commit").count() == 1
    assert "suspects spam" in restricted.reason
    assert "may not publish before" in gates.first_closed(restricted, timezone.now()).because
    assert not outbox


def test_it_goes_out_when_the_restriction_has_ended(restricted, clock, outbox):
    lateness(restricted.account, 2 * DAY)
    pass_time(clock, seconds=31)
    pass_time(clock, hours=23)
    assert not outbox
    pass_time(clock, hours=1)
    assert len(outbox) == 1


@pytest.mark.parametrize(("limit", "urgent"), [(30 * MINUTES, True), (2 * DAY, False)])
def test_a_restriction_longer_than_the_lateness_limit_is_told_urgently(publication, clock, limit, urgent):
    lateness(publication.account, limit)
    memory.fail_next("commit", refusal("Instagram", SPAM, irreversible=True))
    Publication.objects.get(pk=publication.pk).publish()
    pass_time(clock, seconds=31)
    told = [notices("publication.delayed").get(), notices("account.throttled").get()]
    assert [notice.urgent for notice in told] == [urgent, urgent]


def test_a_restriction_is_named_when_the_tries_are_used_up(restricted, clock, settings, outbox):
    settings.SOPHIA_RETRY_BACKOFF = []
    pass_time(clock, seconds=31)
    restricted.refresh_from_db()
    said = "Tried 1 times, and it never became public: Instagram suspects spam and restricted the action."
    assert (restricted.state, restricted.reason) == (Publication.State.FAILED, said)


def test_a_post_that_is_live_in_spite_of_a_restriction_is_published(publication, clock):
    memory.fail_next("commit", refusal("Instagram", SPAM, irreversible=True), after=True)
    publication.publish()
    pass_time(clock, seconds=31)
    publication.refresh_from_db()
    assert publication.is_live


def test_a_doubt_over_a_token_holds_the_account_at_once(publication, clock):
    lapsed = PlatformError(Kind.AUTH, "Facebook no longer accepts the token.")
    memory.fail_next("commit", doubted(lapsed))
    publication.publish()
    publication.refresh_from_db()
    assert publication.state == Publication.State.UNCONFIRMED
    account = SocialAccount.objects.get(pk=publication.account_id)
    assert account.needs_reconnect_because == "Facebook no longer accepts the token."


def test_a_restricted_account_is_read_and_examined(restricted, page, clock):
    page.refresh_from_db()
    assert page.examine()
    assert page.reach().show("1") is None


def test_a_doubt_on_a_restricted_account_is_looked_at_as_usual(publication, page, clock):
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    page.restrict(timezone.now() + DAY, "Facebook blocked the account.")
    pass_time(clock, seconds=31)
    publication.refresh_from_db()
    assert publication.is_live


def test_a_post_that_is_out_on_a_restricted_account_is_watched(draft, operator, page, clock, settings):
    live = make.published(draft, operator)
    page.restrict(timezone.now() + DAY, "Facebook blocked the account.")
    clock.tick(settings.SOPHIA_WATCH_AFTER[0])
    assert Publication.objects.to_watch(timezone.now()).get() == live
    Publication.objects.get(pk=live.pk).watch()
    assert live.sightings.exists()


@pytest.mark.parametrize("whose", ["account", "app"])
def test_a_doubt_whose_look_must_wait_is_told_to_a_person_at_once(publication, page, clock, whose):
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    verb = {"account": page.throttle, "app": page.throttle_app}[whose]
    verb(timezone.now() + HOUR, "Facebook asks for quiet.")
    pass_time(clock, seconds=31)
    pass_time(clock, minutes=5)
    publication.refresh_from_db()
    told = notices("publication.unconfirmed", urgent=True).get().sentence
    until = page.clock(timezone.now() + 55 * MINUTES - timedelta(seconds=31))
    assert f"may be live, and Sophia may not ask yet. {page} may not be called before {until}." in told
    assert publication.needs_a_person
    assert Publication.objects.needing_a_person().get() == publication
    pass_time(clock, minutes=56)
    publication.refresh_from_db()
    assert publication.is_live


def test_a_look_that_waits_no_longer_than_a_look_may_is_told_to_nobody(publication, page, clock):
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    page.throttle(timezone.now() + 10 * MINUTES, "Facebook asks for quiet.")
    pass_time(clock, seconds=31)
    publication.refresh_from_db()
    assert (publication.needs_a_person, publication.reconcile_at) == (False, page.throttled_until)
    assert not notices("publication.unconfirmed", urgent=True).exists()


def test_a_look_that_is_told_to_wait_asks_a_person_too(publication, clock):
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    memory.fail_next("find", of_app())
    pass_time(clock, seconds=31)
    publication.refresh_from_db()
    assert (publication.looks, publication.needs_a_person) == (0, True)


def test_one_account_is_told_and_no_account_of_the_app_calls_again(page, author, operator, clock, outbox):
    others = [make.account(external_id=str(2000 + number), client=f"Client {number}") for number in range(4)]
    for account in [page, *others]:
        make.approved(make.draft(account, author, text=f"Of {account}."), operator)
    for account in [page, *others]:
        account.calls.all().delete()
    memory.fail_next("prepare", of_app())
    pass_time(clock, seconds=1)
    pass_time(clock, minutes=5)
    asked = sum(account.calls.count() for account in [page, *others])
    assert (asked, len(outbox), AppThrottle.objects.count()) == (1, 0, 1)
    told = notices("app.throttled").get()
    assert "so 5 accounts wait. Meta says that the app calls too much." in told.sentence
    assert (told.urgent, notices("account.throttled").count()) == (True, 0)


def test_no_account_of_the_app_is_even_examined(page, instagram, clock):
    page.throttle_app(timezone.now() + HOUR, "Meta asks for quiet.")
    before = instagram.calls.count()
    with pytest.raises(PlatformError, match="may not be called before"):
        instagram.examine()
    assert instagram.calls.count() == before


def test_a_short_throttle_of_the_app_is_not_urgent(page, clock):
    page.throttle_app(timezone.now() + 10 * MINUTES, "Meta asks for quiet.")
    told = notices("app.throttled").get()
    assert not told.urgent
    assert f"before {page.clock(timezone.now() + 10 * MINUTES)}, so {page} waits." in told.sentence


def test_a_throttle_of_the_app_only_lengthens_and_is_told_once(page, instagram, clock):
    page.throttle_app(timezone.now() + 20 * MINUTES, "First.")
    instagram.throttle_app(timezone.now() + 10 * MINUTES, "Shorter.")
    assert AppThrottle.objects.get().until == timezone.now() + 20 * MINUTES
    instagram.throttle_app(timezone.now() + 30 * MINUTES, "Longer.")
    assert AppThrottle.objects.get().until == timezone.now() + 30 * MINUTES
    assert notices("app.throttled").count() == 1
    clock.tick(31 * MINUTES)
    page.throttle_app(timezone.now() + MINUTES, "Again.")
    assert notices("app.throttled").count() == 2


def test_an_account_of_another_app_is_not_held(page, instagram, clock, settings):
    settings.SOPHIA_PLATFORMS["facebook"] = "publishing.platforms.facebook.Facebook"
    page.throttle_app(timezone.now() + HOUR, "Meta asks for quiet.")
    assert page.throttled_after(timezone.now())
    assert instagram.throttled_after(timezone.now()) is None
    assert list(SocialAccount.objects.calls_held(timezone.now())) == [page]


@pytest.mark.parametrize(("shown", "lifted"), [({"usage": 40}, False), ({"usage": 40, "app_usage": 40}, True)])
def test_only_the_figure_of_the_app_ends_what_was_said_about_the_app(page, clock, shown, lifted):
    page.throttle_app(timezone.now() + HOUR, "Meta asks for quiet.")
    memory.shown.update(shown)
    page.connect(token="new")
    assert (page.throttled_after(timezone.now()) is None) == lifted


def test_a_restriction_is_not_ended_by_connecting(page, clock):
    page.restrict(timezone.now() + DAY, "Facebook blocked the account.")
    memory.shown["usage"] = 40
    [said] = page.connect(token="new")
    page.refresh_from_db()
    assert page.restricted_until
    assert "may not publish before" in said


SAID = {
    "nothing": (lambda account, at: None, False, False),
    "throttled": (lambda account, at: account.throttle(at, "Quiet."), True, True),
    "restricted": (lambda account, at: account.restrict(at, "Blocked."), False, True),
    "of the app": (lambda account, at: account.throttle_app(at, "Quiet."), True, True),
}


@pytest.mark.parametrize("minutes", [10, 20, 30])
@pytest.mark.parametrize("said", SAID)
def test_the_rows_and_the_account_agree_about_what_is_held(page, clock, said, minutes):
    tell, calls, posts = SAID[said]
    tell(page, timezone.now() + 20 * MINUTES)
    clock.tick(minutes * MINUTES)
    now, over = timezone.now(), minutes >= 20
    page.refresh_from_db()
    rows, posting = SocialAccount.objects.calls_held(now), SocialAccount.objects.posts_held(now)
    assert bool(page.calls_held(now)) == rows.exists() == (calls and not over)
    assert bool(page.posts_held(now)) == posting.exists() == (posts and not over)
    assert not SocialAccount.objects.stopped().exists()
    assert SocialAccount.objects.silent(now).exists() == rows.exists()


@pytest.mark.parametrize("said", SAID)
def test_the_gate_the_list_and_the_sweep_agree_about_what_is_held(publication, page, clock, said):
    tell, _, posts = SAID[said]
    tell(page, timezone.now() + 20 * MINUTES)
    publication = Publication.objects.select_related("account__client").get()
    now = timezone.now()
    assert bool(gates.first_closed(publication, now)) == posts
    assert bool(gates.holding([publication], now)) == posts
    assert Publication.objects.worth_waking(now).exists() != posts


@pytest.mark.parametrize("said", [*SAID, "ill", "paused"])
def test_what_a_person_posts_is_held_by_its_gates_and_in_the_rows_alike(page, author, operator, clock, said):
    make.approved(make.draft(page, author), operator, mode=Publication.Mode.MANUAL)
    held = said in {"ill", "paused"}
    if said == "ill":
        page.hold("The token has expired.")
    elif said == "paused":
        Pause.objects.start(by=operator, reason="Storm")
    else:
        SAID[said][0](page, timezone.now() + 20 * MINUTES)
    publication, now = Publication.objects.select_related("account__client").get(), timezone.now()
    assert bool(gates.first_closed(publication, now)) == held
    assert Publication.objects.held(now).exists() == pulse.held(now).exists() == held
    assert bool(Publication.objects.worth_waking(now)) != held
    sweep()
    drain()
    assert (Publication.objects.get().state == "handoff") != held


def test_the_longest_of_what_was_said_is_shown(page, clock):
    page.throttle(timezone.now() + 10 * MINUTES, "Quiet.")
    page.restrict(timezone.now() + DAY, "Blocked.")
    held = page.posts_held(timezone.now())
    assert (held.until, held.because.endswith("Blocked.")) == (page.restricted_until, True)
    assert page.calls_held(timezone.now()).until == page.throttled_until


def test_what_was_said_stands_on_the_first_page(page, desk, clock):
    page.restrict(timezone.now() + DAY, "Facebook blocked the account.")
    shown = desk.get("/").content.decode()
    assert "Facebook blocked the account." in shown
    assert f"may not publish before {page.clock(page.restricted_until)}" in shown
