"""The backup forgot a time. Nothing that went out in it goes out again, and nothing bursts out."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from publishing import gates
from publishing.gates import first_closed
from publishing.invariants import unread_accounts
from publishing.models import GapPost, Publication, Relook, RestorePoint
from publishing.platforms import memory
from publishing.platforms.base import Credentials, Kind, PlatformError
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, WrongState
from tests import make
from tests.draining import drain

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def forgotten(page):
    """Makes public what the restored database knows nothing of."""

    def post(text):
        platform = memory.Memory(Credentials(page.external_id, "token"), base_url="", version="")
        content = memory.Content(text)
        return platform.commit(content, platform.prepare(content))

    return post


@pytest.fixture
def restored(db, clock):
    """Restores, in effect, what the database holds now: an hour passes that it knows nothing of."""

    def restore(*, meanwhile=lambda: None):
        taken_at = timezone.now()
        clock.tick(HOUR / 2)
        meanwhile()
        clock.tick(HOUR / 2)
        point = RestorePoint.objects.mark(taken_at, "sophia.tar")
        clock.tick(timedelta(seconds=1))
        return point

    return restore


def work(clock):
    for _ in range(3):
        sweep()
        drain()
        clock.tick(timedelta(minutes=3))


def test_what_was_due_since_the_backup_is_missed_and_never_bursts_out(page, author, operator, restored, clock):
    now = timezone.now()
    for minutes in (5, 25, 59):
        make.approved(make.draft(page, author, text=f"At {minutes}"), operator, at=now + timedelta(minutes=minutes))
    restored()
    work(clock)
    assert set(Publication.objects.values_list("state", flat=True)) == {Publication.State.MISSED}
    assert memory.outbox == []
    assert "Restored from a backup of" in Publication.objects.all()[0].reason
    assert Notice.objects.filter(kind="desk.restored", urgent=True).count() == 1
    assert not Notice.objects.filter(kind="publication.missed").exists()


def test_what_went_out_since_the_backup_is_found_and_a_person_says_that_it_is_ours(
    publication, restored, forgotten, clock, operator
):
    restored(meanwhile=lambda: forgotten(publication.text))
    work(clock)
    publication.refresh_from_db()
    assert (publication.state, publication.post_id) == (Publication.State.MISSED, "")
    assert "Is it this one? https://memory.example/" in publication.reason
    [candidate] = publication.offered()
    publication.identify(candidate, by=operator)
    assert (publication.state, publication.post_id) == (Publication.State.PUBLISHED, memory.outbox[0].post_id)
    assert "went out after the backup" in publication.reason
    assert len(memory.outbox) == 1


def test_of_two_alike_only_one_takes_the_post(page, author, operator, restored, forgotten, clock):
    for minutes in (5, 10):
        make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(minutes=minutes))
    restored(meanwhile=lambda: forgotten("Fresh bread at seven."))
    work(clock)
    first, second = Publication.objects.all()
    first.identify(first.offered()[0], by=operator)
    assert second.offered() == []
    assert GapPost.objects.get().publication == first
    assert sorted(Publication.objects.values_list("state", flat=True)) == ["missed", "published"]


def test_nothing_goes_out_before_its_account_was_read(page, author, operator, restored, clock):
    later = make.approved(make.draft(page, author), operator, at=timezone.now() + HOUR + timedelta(minutes=4))
    memory.fail_next("recent", PlatformError(Kind.RETRY, "Facebook is down."))
    restored()
    sweep()
    drain()
    assert "It could not yet: Facebook is down." in first_closed(later, timezone.now()).because
    work(clock)
    later.refresh_from_db()
    assert later.state == Publication.State.PUBLISHED
    assert Relook.objects.waiting().count() == 0


def test_what_was_moved_earlier_and_went_out_is_not_sent_at_its_old_time(
    page, author, operator, restored, clock, forgotten
):
    moved = make.approved(make.draft(page, author), operator, at=timezone.now() + DAY)
    restored(meanwhile=lambda: forgotten(moved.text))
    work(clock)
    clock.tick(DAY)
    moved.refresh_from_db()
    moved.publish()
    moved.refresh_from_db()
    assert moved.state == Publication.State.MISSED
    assert "https://memory.example/" in moved.reason
    assert len(memory.outbox) == 1


def test_a_draft_that_is_approved_once_more_is_not_sent_once_more(draft, operator, restored, clock, forgotten):
    restored(meanwhile=lambda: forgotten(draft.text))
    work(clock)
    again = make.approved(draft, operator)
    again.publish()
    again.refresh_from_db()
    assert (again.state, len(memory.outbox)) == (Publication.State.MISSED, 1)


def test_a_person_may_still_want_it_twice(draft, operator, restored, clock, forgotten):
    restored(meanwhile=lambda: forgotten(draft.text))
    work(clock)
    again = make.approved(draft, operator)
    again.publish()
    clock.tick(timedelta(minutes=1))
    again.retry(by=operator)
    again.publish()
    again.refresh_from_db()
    assert (again.state, len(memory.outbox)) == (Publication.State.PUBLISHED, 2)


def test_what_a_worker_had_then_is_never_sent_again_by_itself(publication, restored, clock, operator):
    publication.claim()
    restored()
    work(clock)
    clock.tick(HOUR)
    work(clock)
    publication.refresh_from_db()
    assert publication.state == Publication.State.UNCONFIRMED
    assert publication.needs_a_person
    assert memory.outbox == []


def test_what_a_worker_had_then_and_is_out_is_named_by_a_person(publication, restored, forgotten, clock, operator):
    publication.claim()
    restored(meanwhile=lambda: forgotten(publication.text))
    work(clock)
    publication.refresh_from_db()
    assert publication.state == Publication.State.UNCONFIRMED
    publication.identify(publication.offered()[0], by=operator)
    assert (publication.state, len(memory.outbox)) == (Publication.State.PUBLISHED, 1)


def test_images_without_words_are_never_taken_for_each_other(page, author, operator, restored, forgotten, clock):
    picture = make.draft(page, author, text="", pictures=[(make.image(), "")])
    wordless = make.approved(picture, operator, at=timezone.now() + timedelta(minutes=5))
    restored(meanwhile=lambda: forgotten(""))
    work(clock)
    wordless.refresh_from_db()
    assert wordless.state == Publication.State.MISSED
    assert GapPost.objects.get().publication is None


def test_a_person_looks_where_sophia_cannot(page, author, restored, operator, viewer):
    later = make.approved(make.draft(page, author), operator, at=timezone.now() + DAY)
    memory.fail_next("recent", PlatformError(Kind.REJECTED, "It cannot be listed."))
    restored()
    sweep()
    drain()
    with pytest.raises(NotAllowed):
        Relook.objects.waive(page, by=viewer)
    call_command("looked", "facebook:1001", "--by", "olga")
    assert first_closed(later, timezone.now()) is None
    with pytest.raises(WrongState):
        Relook.objects.waive(page, by=operator)


def test_the_doctor_names_an_account_that_could_not_be_read(page, restored, clock):
    memory.fail_next("recent", PlatformError(Kind.AUTH, "The token is refused."))
    restored()
    work(clock)
    assert list(unread_accounts(timezone.now())) == []
    clock.tick(timedelta(minutes=10))
    [found] = unread_accounts(timezone.now())
    assert found.client == page.client_id
    assert "manage.py looked facebook:1001 --by YOU" in found.to_do


def test_an_account_that_must_be_reconnected_is_read_when_it_is(page, publication, restored, clock):
    memory.fail_next("recent", PlatformError(Kind.AUTH, "The token is refused."))
    restored()
    work(clock)
    assert Relook.objects.waiting().count() == 1
    page.refresh_from_db()
    page.connect(token="another")
    work(clock)
    assert Relook.objects.waiting().count() == 0


def test_a_list_reads_once_which_accounts_wait(author, operator, restored, django_assert_max_num_queries):
    later = timezone.now() + DAY
    accounts = [make.account("facebook", str(number)) for number in range(5)]
    rows = [make.approved(make.draft(account, author), operator, at=later) for account in accounts]
    restored()
    with django_assert_max_num_queries(4):
        held = gates.holding(Publication.objects.select_related("account__client"), timezone.now())
    assert set(held) == {row.pk for row in rows}
