"""Tomorrow's failure is today's notice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing import preflight
from publishing.models import Pause, Preflight, Publication
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError, Quota, TokenFacts
from publishing.tasks import look_around
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, Refused, WrongState
from tests import make
from tests.draining import drain

pytestmark = pytest.mark.django_db
REVOKED = PlatformError(Kind.AUTH, "Facebook no longer accepts the token of this account.")


def planned(account, by, text="Fresh bread at seven.", pictures=(), **ahead):
    draft = make.draft(account, by, text=text, pictures=pictures)
    return make.approved(draft, by, at=timezone.now() + timedelta(**ahead))


def after(clock, **time) -> int:
    clock.tick(timedelta(**time))
    look_around()
    drain()
    return Preflight.objects.count()


def told(kind="preflight.finding"):
    return list(Notice.objects.filter(kind=kind).order_by("pk"))


def found(publication) -> list[str]:
    last = publication.preflights.last()
    return [finding["check"] for finding in last.findings] if last else []


def test_it_is_checked_a_day_and_an_hour_before_its_time(clock, page, operator):
    planned(page, operator, hours=30)
    assert after(clock, hours=5, minutes=59) == 0
    assert after(clock, minutes=1) == 1
    assert after(clock, hours=22, minutes=59) == 1
    assert after(clock, minutes=1) == 2
    assert after(clock, minutes=59) == 2
    assert not told()


@pytest.mark.parametrize(("ahead", "checks"), [({"minutes": 40}, 1), ({"minutes": 4}, 0), ({"hours": 5}, 1)])
def test_what_is_approved_late_is_checked_at_once(clock, page, operator, ahead, checks):
    planned(page, operator, **ahead)
    assert after(clock) == checks
    assert after(clock) == checks


def test_a_finding_is_told_once_and_again_when_it_is_mended(clock, page, operator):
    publication = planned(page, operator, hours=30)
    make.behind_the_back(page, token_expires_at=publication.publish_at - timedelta(hours=1))
    after(clock, hours=6)
    [notice] = told()
    assert (notice.urgent, notice.link) == (False, publication.get_absolute_url())
    assert "would fail" in notice.sentence
    assert "Connect the account again" in notice.sentence
    memory.shown["token"] = TokenFacts(())
    after(clock, hours=23)
    assert (len(told()), len(told("preflight.mended"))) == (1, 1)


def test_an_unchanged_finding_is_told_once_more_urgently_an_hour_ahead(clock, page, operator):
    publication = planned(page, operator, hours=30)
    make.behind_the_back(page, token_expires_at=publication.publish_at)
    after(clock, hours=6)
    after(clock, hours=22)
    publication.ask_preflight(by=operator)
    after(clock)
    assert (Preflight.objects.count(), len(told())) == (2, 1)
    after(clock, hours=1)
    assert (Preflight.objects.count(), [notice.urgent for notice in told()]) == (3, [False, True])


def test_a_refused_token_is_found_and_one_question_serves_the_whole_account(clock, page, operator):
    rows = [planned(page, operator, text=f"Post {n}.", hours=24) for n in range(4)]
    before = page.calls.count()
    memory.fail_next("check", REVOKED)
    after(clock)
    assert page.calls.count() == before + 1
    assert [found(row) for row in rows] == [["token"]] * 4


def test_an_account_to_be_reconnected_is_a_finding_and_not_asked(clock, page, operator):
    publication = planned(page, operator, hours=24)
    page.hold("The token was revoked.")
    before = page.calls.count()
    after(clock)
    assert (found(publication), page.calls.count()) == (["token"], before)


def test_a_missing_scope_is_found(clock, page, operator, monkeypatch):
    monkeypatch.setattr(memory.Memory, "needs_scopes", frozenset({"pages_manage_posts"}))
    memory.shown["token"] = TokenFacts(("pages_read_engagement",))
    publication = planned(page, operator, hours=24)
    after(clock)
    assert found(publication) == ["scopes"]


def test_a_changed_approval_and_changed_bytes_are_found(clock, page, operator):
    text = planned(page, operator, hours=24)
    picture = planned(page, operator, "With a picture.", [(make.image(), "Bread")], hours=24)
    make.behind_the_back(text, text="Something else.")
    picture.pictures.get().image.path.write_bytes(b"other")
    after(clock)
    assert (found(text), found(picture)) == (["approval"], ["approval"])


def test_an_image_beyond_the_limits_is_found(clock, page, operator, monkeypatch):
    publication = planned(page, operator, "With a picture.", [(make.image(), "Bread")], hours=24)
    monkeypatch.setattr(memory.Memory, "limits", page.limits.__class__(**{**vars(page.limits), "image_bytes": 10}))
    after(clock)
    assert found(publication) == ["media"]


def test_posts_that_are_planned_before_it_use_up_the_quota(clock, instagram, operator):
    make.behind_the_back(instagram, posts_per_day=2)
    pictures = [(make.image(), "Bread")]
    rows = [planned(instagram, operator, f"Post {n}.", pictures, hours=24, minutes=n) for n in range(3)]
    after(clock, minutes=3)
    assert [found(row) for row in rows] == [[], [], ["quota"]]


def test_the_platforms_own_count_is_believed(clock, instagram, operator):
    publication = planned(instagram, operator, "Now.", [(make.image(), "Bread")], hours=1)
    far = planned(instagram, operator, "Later.", [(make.image(), "Bread")], hours=24)
    memory.shown["quota"] = Quota(50, 50)
    after(clock)
    assert (found(publication), found(far)) == (["quota"], [])


def test_too_many_calls_in_one_hour_are_found(clock, page, operator):
    make.behind_the_back(page, calls_per_hour=5)
    rows = [planned(page, operator, f"Post {n}.", hours=24, minutes=n) for n in range(3)]
    after(clock, minutes=3)
    assert [found(row) for row in rows] == [[], [], ["calls"]]


def test_a_pause_hides_no_finding_and_is_none(clock, page, operator):
    publication = planned(page, operator, hours=24)
    healthy = planned(page, operator, "Another.", hours=24)
    make.behind_the_back(publication, text="Something else.")
    Pause.objects.start(by=operator, reason="Holidays")
    after(clock)
    assert (found(publication), found(healthy)) == (["approval"], [])
    assert Preflight.objects.count() == 2


def test_moving_it_plans_its_checks_anew(clock, page, operator):
    publication = planned(page, operator, hours=24)
    assert after(clock) == 1
    publication.refresh_from_db()
    publication.reschedule(by=operator, at=timezone.now() + timedelta(hours=48))
    assert after(clock, hours=23) == 1
    assert after(clock, hours=1) == 2
    assert after(clock, hours=23) == 3


@pytest.mark.parametrize("verb", ["cancel", "withdraw"])
def test_what_goes_nowhere_is_not_checked(clock, page, operator, verb):
    publication = planned(page, operator, hours=24)
    getattr(publication, verb)(by=operator)
    assert after(clock) == 0


def test_after_an_outage_it_is_checked_once(clock, page, operator):
    planned(page, operator, hours=30)
    assert after(clock, hours=29, minutes=30) == 1
    assert after(clock, minutes=10) == 1


def test_a_doubled_job_checks_once(clock, page, operator):
    publication = planned(page, operator, hours=24)
    look_around()
    look_around()
    drain()
    assert Preflight.objects.count() == 1
    first, second = Publication.objects.get(), Publication.objects.get()
    make.behind_the_back(publication, preflight_at=timezone.now())
    first.refresh_from_db()
    second.refresh_from_db()
    assert [first.claim_preflight(timezone.now()), second.claim_preflight(timezone.now())] == [True, False]


def test_a_check_whose_worker_died_comes_again(clock, page, operator):
    planned(page, operator, hours=24)
    memory.faults.append(memory.Fault("check", KeyboardInterrupt(), False))
    with pytest.raises(KeyboardInterrupt):
        preflight.run(page)
    assert after(clock, seconds=80) == 0
    assert after(clock, seconds=11) == 1


def test_a_result_that_was_overtaken_by_a_move_is_not_kept(clock, page, operator):
    publication = planned(page, operator, hours=24)
    busy = Publication.objects.get()
    busy.claim_preflight(timezone.now())
    publication.refresh_from_db()
    publication.reschedule(by=operator, at=timezone.now() + timedelta(days=4))
    busy.keep_preflight([{"check": "token", "sentence": "Old news.", "to_do": ""}])
    publication.refresh_from_db()
    assert (Preflight.objects.count(), told()) == (0, [])
    assert publication.preflight_at == publication.publish_at - timedelta(days=1)


def test_a_throttled_account_is_not_asked_and_checked_when_that_has_ended(clock, page, operator):
    planned(page, operator, hours=24)
    page.throttle(timezone.now() + timedelta(minutes=30), "Facebook says that it is too much.")
    before = page.calls.count()
    assert after(clock) == 0
    assert after(clock, minutes=29) == 0
    assert page.calls.count() == before
    assert after(clock, minutes=1) == 1


def test_with_no_time_left_to_ask_again_the_rest_is_checked(clock, page, operator):
    publication = planned(page, operator, minutes=20)
    make.behind_the_back(publication, text="Something else.")
    page.throttle(timezone.now() + timedelta(minutes=30), "Facebook says that it is too much.")
    after(clock)
    assert found(publication) == ["approval"]


def test_a_platform_that_is_down_is_asked_again_and_is_no_finding(clock, page, operator):
    planned(page, operator, hours=24)
    memory.fail_next("check", PlatformError(Kind.RETRY, "Facebook could not be reached."))
    assert after(clock) == 0
    assert after(clock, minutes=10) == 1
    assert not told()


def test_by_hand_neither_token_nor_quota_is_needed(clock, page, operator):
    draft = make.draft(page, operator)
    publication = make.approved(draft, operator, at=timezone.now() + timedelta(hours=24), mode="manual")
    memory.fail_next("check", REVOKED)
    after(clock)
    assert (publication.preflights.count(), found(publication)) == (1, [])


def test_somebody_asks_for_a_check_now(clock, page, operator):
    publication = planned(page, operator, days=9)
    publication.ask_preflight(by=operator)
    publication.ask_preflight(by=operator)
    drain()
    publication.refresh_from_db()
    assert Preflight.objects.count() == 1
    assert publication.preflight_at == publication.publish_at - timedelta(days=1)


def test_a_check_is_refused_to_others_and_at_the_wrong_time(clock, page, operator, viewer):
    publication = planned(page, operator, hours=24)
    with pytest.raises(NotAllowed):
        publication.ask_preflight(by=viewer)
    page.throttle(timezone.now() + timedelta(minutes=30), "Facebook says that it is too much.")
    with pytest.raises(Refused, match="may not be called before"):
        publication.ask_preflight(by=operator)
    publication.cancel(by=operator)
    with pytest.raises(WrongState, match="it is cancelled"):
        publication.ask_preflight(by=operator)


def test_what_is_not_due_is_never_read(clock, page, operator):
    for n in range(5):
        planned(page, operator, text=f"Post {n}.", days=9)
    with CaptureQueriesContext(connection) as queries:
        look_around()
    assert len(queries) == 5
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + queries[0]["sql"])
            assert "publication_to_preflight" in str(cursor.fetchall())
