"""How often a page asks the database must not depend on how much there is."""

from datetime import timedelta

import pytest

from publishing.models import Pause
from sophia.notifications.announce import announce
from tests import make
from tests.pages import everywhere as pages


@pytest.fixture
def more(page, instagram, author, operator):
    """As much again, several times: on the same accounts, and on others, with and without cadence."""

    def fill():
        pages.publications_in_many_states(page, author, operator)
        paused, free = (make.account("facebook", number, f"Zucker {number}") for number in ("30", "40"))
        for account in (paused, free):
            pages.publications_in_many_states(account, author, operator)
            pages.drafts_in_many_states(account, author, operator)
            due(account, author, operator)
        Pause.objects.start(by=operator, reason="Press incident", account=paused)
        make.client_link(free.client, operator, approving=True)[0].visit()
        pages.importing(operator)
        announce("publication.failed", "It is failed.", link="/queue/", urgent=True)
        pages.subscribed(operator)

    return fill


def due(account, author, operator):
    """Some of them at once, and then the account gets a cadence that all but one break."""
    for number in range(3):
        make.approved(make.draft(account, author, text=f"Due {number}."), operator)
    make.draft(account, author, text="Not yet.")
    account.min_gap = timedelta(minutes=30)
    account.save()


def test_no_page_asks_the_database_more_often_for_more(desk, everywhere, more, author, operator, queries_of):
    due(make.account("facebook", "50", "Zucker"), author, operator)

    def counts():
        return {address: queries_of(desk, address) for address in everywhere}

    few = counts()
    more()
    many = counts()
    assert {address: (few[address], many[address]) for address in few if many[address] > few[address]} == {}
