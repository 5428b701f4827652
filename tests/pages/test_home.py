"""What the first page tells in the morning, and where each number leads."""

from datetime import timedelta

from django.utils import timezone

from tests import make


def section(desk, name):
    return desk.get("/").text.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_what_went_out_since_yesterday_is_told_and_listed(desk, draft, page, author, operator):
    out = make.published(draft, operator)
    old = make.published(make.draft(page, author, text="Last week."), operator)
    make.behind_the_back(old, published_at=timezone.now() - timedelta(days=7))
    assert "Last week." not in section(desk, "lately")
    assert 'href="/queue/?lately=1">1<' in section(desk, "lately")
    assert list(desk.get("/queue/?lately=1").context["page"]) == [out]


def test_what_came_down_again_still_went_out(desk, draft, operator):
    out = make.published(draft, operator)
    make.behind_the_back(out, state="recovered")
    assert list(desk.get("/queue/?lately=1").context["page"]) == [out]


def test_a_quiet_night_says_so(desk):
    assert "Nothing has gone out in the last 24 hours." in section(desk, "lately")


def test_stale_reviews_have_a_number_of_their_own(desk, draft):
    assert "?stale=1" not in section(desk, "needs")
    make.behind_the_back(draft, submitted_at=timezone.now() - timedelta(days=2))
    assert 'href="/review/?stale=1"><b>1</b>' in section(desk, "needs")


def test_more_posts_take_no_more_queries(desk, page, author, operator, queries_of):
    def fill(number):
        for _ in range(number):
            make.published(make.draft(page, author, text=f"Bread {number}."), operator)

    fill(7)
    few = queries_of(desk, "/")
    fill(8)
    assert queries_of(desk, "/") == few


def test_more_accounts_of_one_app_that_wait_take_no_more_queries(desk, page, queries_of):
    page.throttle_app(timezone.now() + timedelta(hours=1), "Too many calls.")
    one = queries_of(desk, "/")
    for number in range(3):
        make.account("facebook", f"200{number}")
    assert section(desk, "quiet").count("Too many calls.") == 4
    assert queries_of(desk, "/") == one
