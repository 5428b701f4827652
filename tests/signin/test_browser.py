"""In Chromium: the policy stops nothing of ours, in the desk and in the admin, and the second factor is set up."""

from datetime import timedelta

from sophia.signin.models import SecondFactor
from tests.pages.browsing import IN_A_BROWSER, browser, complaints_of, open_tab  # noqa: F401
from tests.pages.test_axe import barriers
from tests.signin.phone import code_of

pytestmark = IN_A_BROWSER
ADMIN = [
    "/admin/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/publishing/socialaccount/add/",
    "/admin/publishing/publication/",
    "/admin/signin/securityevent/",
]


def test_the_policy_stops_nothing_of_the_admin(open_tab, boss, page, publication):  # noqa: F811
    tab = open_tab(boss, "/admin/")
    complaints = complaints_of(tab)
    for path in [
        *ADMIN,
        f"/admin/publishing/publication/{publication.pk}/change/",
        f"/admin/auth/user/{boss.pk}/change/",
    ]:
        assert tab.goto(path).status == 200
    assert not complaints, "\n".join(complaints)


def test_a_second_factor_is_set_up_and_asked_for(open_tab, operator):  # noqa: F811
    tab = open_tab(operator, "/you/second-factor", reduced_motion="reduce")
    complaints = complaints_of(tab)
    assert tab.locator("svg.qr path").bounding_box()["width"] > 100
    tab.get_by_label("The code that the app shows now").fill(code_of(SecondFactor.objects.get()))
    tab.get_by_role("button", name="Turn it on").click()
    tab.get_by_role("heading", name="Your recovery codes").wait_for()
    complaints += barriers(tab)
    recovery = tab.locator(".paper li").first.inner_text()
    tab.get_by_role("link", name="I have them").click()
    tab.get_by_role("button", name="Log out").click()
    tab.get_by_label("Name", exact=True).fill("olga")
    tab.get_by_label("Password").fill("a-good-password")
    tab.get_by_role("button", name="Sign in").click()
    tab.get_by_text("I lost my phone").wait_for()
    complaints += barriers(tab)
    tab.get_by_text("I lost my phone").click()
    tab.get_by_label("Recovery code").fill(recovery)
    tab.get_by_role("button", name="Sign in with it").click()
    tab.get_by_text("Welcome, olga").wait_for()
    assert not complaints, "\n".join(complaints)


def test_the_question_who_it_is_has_no_barrier(open_tab, operator, settings):  # noqa: F811
    settings.SOPHIA_CONFIRM_AFTER = timedelta(seconds=-1)
    tab = open_tab(operator, "/notices/subscriptions/new", reduced_motion="reduce")
    tab.get_by_label("Name", exact=True).fill("Team")
    tab.get_by_label("Address").fill("tgram://123456789:abcdefghij_klmnopqrstuvwxyz-ABCDEFG/-1001")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("heading", name="Is it you?").wait_for()
    assert not barriers(tab)
    settings.SOPHIA_CONFIRM_AFTER = timedelta(minutes=10)
    tab.get_by_label("Password").fill("a-good-password")
    tab.get_by_role("button", name="Go on").click()
    tab.get_by_text("Saved.").wait_for()
