from datetime import timedelta

from tests import make
from tests.calendar.conftest import NOON


def test_the_first_page_shows_today_client_by_client_in_their_own_time(desk, wednesday, page, author, operator):
    far = make.account("facebook", "2002", client="Olive & Oak", zone="Australia/Adelaide")
    make.approved(make.draft(page, author, text="Soup."), operator, at=NOON + timedelta(hours=11))
    make.approved(make.draft(far, author, text="Bowls."), operator, at=NOON + timedelta(hours=1))
    make.approved(make.draft(far, author, text="Plates."), operator, at=NOON + timedelta(hours=2))
    shown = desk.get("/").text.partition('id="today"')[2].partition("</section>")[0]
    assert "Australia/Adelaide, now 22:30" in shown
    assert "Soup." in shown
    assert "Bowls." in shown
    assert "Plates." not in shown  # half past midnight there


def test_a_day_without_posts_says_so(desk):
    assert "Nothing goes out today" in desk.get("/").text


def test_more_clients_take_no_more_queries(desk, wednesday, author, operator, queries_of):
    def fill(numbers):
        for number in numbers:
            account = make.account("facebook", f"90{number}", client=f"Client {number}")
            make.approved(make.draft(account, author), operator, at=NOON + timedelta(hours=1))

    fill(range(7))
    few = queries_of(desk, "/")
    fill(range(7, 30))
    assert queries_of(desk, "/") == few
