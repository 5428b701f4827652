"""What is learned of a token, and told in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import SocialAccount
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError, TokenFacts
from publishing.tasks import look_around
from sophia.notifications.models import Notice
from tests import make
from tests.draining import drain

pytestmark = pytest.mark.django_db


def told(kind="account.expiring"):
    return list(Notice.objects.filter(kind=kind).order_by("pk"))


def lasts(**time) -> None:
    memory.shown["token"] = TokenFacts((), timezone.now() + timedelta(**time))


def a_day_passes(clock, **time) -> int:
    clock.tick(timedelta(**time))
    look_around()
    drain()
    return len(told())


def test_an_expiry_is_unknown_until_the_platform_or_a_person_tells(clock, page):
    assert (page.expiry, page.ends) == ("unknown", "When its token expires is unknown.")
    memory.shown["token"] = TokenFacts(())
    page.examine()
    assert (page.expiry, page.ends) == ("never", "Its token does not expire.")
    lasts(days=60)
    page.examine()
    assert page.ends == f"Its token expires {page.clock(timezone.now() + timedelta(days=60))}."


def test_it_is_told_at_14_7_3_and_1_days_and_at_its_end(clock, page):
    lasts(days=20)
    page.examine()
    counts = [a_day_passes(clock, days=1) for _ in range(21)]
    assert [day for day, count in enumerate(counts, 1) if count != ([0, *counts])[day - 1]] == [6, 13, 17, 19, 20]
    assert [notice.urgent for notice in told()] == [False, False, False, True, True]
    assert "expired" in told()[-1].sentence


def test_after_an_outage_it_is_told_once(clock, page):
    lasts(days=20)
    page.examine()
    assert a_day_passes(clock, days=18) == 1
    assert a_day_passes(clock, hours=3) == 1


def test_reconnecting_starts_anew(clock, page):
    lasts(days=2)
    page.examine()
    lasts(days=60)
    page.connect(token="fresh")
    assert (page.expiry_told, page.is_expiring) == (0, False)
    assert a_day_passes(clock, days=30) == 1
    assert a_day_passes(clock, days=17) == 2


def test_the_end_of_data_access_counts_too(clock, page):
    memory.shown["token"] = TokenFacts((), None, timezone.now() + timedelta(days=5))
    page.examine()
    assert "Its token's access to data expires" in told()[0].sentence


def test_what_an_examination_of_the_old_token_told_is_not_kept(clock, page):
    old = SocialAccount.objects.get()
    page.connect(token="fresh")
    lasts(days=2)
    old.examine()
    page.refresh_from_db()
    assert (page.expiry, told()) == ("unknown", [])


def test_a_missing_scope_is_told_once_and_again_when_another_lacks(clock, page, monkeypatch):
    monkeypatch.setattr(memory.Memory, "needs_scopes", frozenset({"read", "write"}))
    for scopes in (("read",), ("read",), ("write",)):
        memory.shown["token"] = TokenFacts(scopes)
        page.examine()
    assert [notice.sentence for notice in told("account.needs_reconnect")] == [
        f"{page}: The token lacks {name}. Grant every permission. Connect it again." for name in ("write", "read")
    ]
    assert page.is_healthy


def test_every_account_is_examined_once_a_day(clock, page, instagram):
    assert a_day_passes(clock, days=1) == 0
    before = timezone.now()
    assert set(SocialAccount.objects.values_list("checked_at", flat=True)) == {before}
    clock.tick(timedelta(hours=23))
    look_around()
    assert drain() == 0


def test_a_doubled_job_asks_once(clock, page):
    clock.tick(timedelta(days=1))
    first, second = SocialAccount.objects.get(), SocialAccount.objects.get()
    before = page.calls.count()
    first.take_turn()
    second.take_turn()
    assert page.calls.count() == before + 1


def test_one_that_fails_stops_no_other_and_comes_again(clock, page, instagram):
    memory.fail_next("check", PlatformError(Kind.RETRY, "Facebook could not be reached."))
    a_day_passes(clock, days=1)
    page.refresh_from_db()
    instagram.refresh_from_db()
    assert sorted([page.examine_at, instagram.examine_at]) == [
        timezone.now() + timedelta(hours=1),
        timezone.now() + timedelta(days=1),
    ]


def test_a_throttled_account_is_asked_when_that_has_ended(clock, page):
    clock.tick(timedelta(days=1))
    page.throttle(timezone.now() + timedelta(hours=3), "Facebook says that it is too much.")
    before = page.calls.count()
    page.take_turn()
    page.refresh_from_db()
    assert (page.calls.count(), page.examine_at) == (before, page.throttled_until)


def test_an_account_that_the_token_does_not_show_is_told_once(clock, page):
    refused = PlatformError(Kind.REJECTED, "Facebook shows no Page with this id to this token.")
    for _ in range(2):
        memory.fail_next("check", refused)
        a_day_passes(clock, days=1)
    assert len(told("account.needs_reconnect")) == 1
    assert a_day_passes(clock, days=1) == 0
    page.refresh_from_db()
    assert page.trouble == ""


def test_a_worker_that_dies_leaves_it_for_the_next_hour(clock, page):
    clock.tick(timedelta(days=1))
    memory.faults.append(memory.Fault("check", KeyboardInterrupt(), False))
    with pytest.raises(KeyboardInterrupt):
        page.take_turn()
    assert list(SocialAccount.objects.to_examine(timezone.now())) == []
    assert list(SocialAccount.objects.to_examine(timezone.now() + timedelta(hours=1))) == [page]


def test_the_home_page_lists_what_expires_within_two_weeks(client, operator, page, instagram):
    make.behind_the_back(page, token_expires_at=timezone.now() + timedelta(days=13), expiry_known_at=timezone.now())
    make.behind_the_back(instagram, token_expires_at=timezone.now() + timedelta(days=15))
    client.force_login(operator)
    shown = client.get("/")
    assert list(shown.context["expiring"]) == [page]
    assert "Its token expires" in shown.content.decode()
