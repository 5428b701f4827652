"""Posts that miss their time in one outage are told in one notice. None of them is forgotten."""

from datetime import timedelta

import pytest

from publishing import tasks
from publishing.models import Miss, Publication
from sophia.notifications.models import Notice
from tests import make
from tests.draining import drain


@pytest.fixture
def eight(page, instagram, author, operator):
    accounts = [page, make.account("facebook", "1002")] * 4
    return [
        make.approved(make.draft(account, author, text=f"Post {n}"), operator) for n, account in enumerate(accounts)
    ]


def missed(publications, clock):
    clock.tick(timedelta(hours=1))
    for publication in publications:
        publication.publish()


def told():
    return list(Notice.objects.filter(kind="publication.missed", urgent=True))


def after(clock, **wait):
    clock.tick(timedelta(**wait))
    drain()
    return told()


def test_eight_that_one_outage_made_late_are_one_notice(eight, clock):
    missed(eight, clock)
    [notice] = after(clock, seconds=15)
    assert notice.sentence.startswith(f"8 posts of Café Lua missed their time: {eight[0]} ")
    assert (notice.link, notice.client) == (
        f"/queue/?needs=missed&client={notice.client_id}",
        eight[0].account.client,
    )
    assert len(after(clock, minutes=1)) == 1


def test_one_alone_is_told_by_its_name_and_reason(publication, clock):
    missed([publication], clock)
    [notice] = after(clock, seconds=15)
    publication.refresh_from_db()
    assert notice.sentence == f"{publication} is missed: {publication.reason}"
    assert notice.link == publication.get_absolute_url()


def test_those_of_several_clients_are_counted_without_their_names(publication, author, operator, clock):
    other = make.draft(make.account("facebook", "2002", "Zinc Bar"), author)
    missed([publication, make.approved(other, operator)], clock)
    [notice] = after(clock, seconds=15)
    assert notice.sentence.startswith("2 posts of 2 clients missed their time.")
    assert notice.client is None


def test_an_alarm_that_was_lost_is_made_good_by_the_sweep(publication, clock):
    missed([publication], clock)
    clock.tick(timedelta(seconds=16))
    tasks.sweep()
    assert len(told()) == 1


def test_what_a_person_has_settled_meanwhile_is_not_told(publication, operator, clock):
    missed([publication], clock)
    Publication.objects.get().cancel(by=operator)
    assert after(clock, seconds=15) == []


def test_of_two_workers_one_tells(publication, clock):
    missed([publication], clock)
    Miss.objects.tell()
    Miss.objects.tell()
    assert len(told()) == 1


def test_missed_again_it_is_told_again(publication, operator, clock):
    missed([publication], clock)
    after(clock, seconds=15)
    publication = Publication.objects.get()
    publication.retry(by=operator)
    missed([publication], clock)
    assert len(after(clock, seconds=15)) == 2
