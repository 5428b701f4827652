from django.urls import reverse

from tests.pages.browsing import IN_A_BROWSER, browser, complaints_of, open_tab  # noqa: F401
from tests.pages.test_axe import barriers

pytestmark = IN_A_BROWSER


def test_the_pages_of_administrators_have_no_barrier(open_tab, boss, operator, token_for, page):  # noqa: F811
    tab = open_tab(boss, "/", reduced_motion="reduce", viewport={"width": 390, "height": 2000})
    complaints, token = complaints_of(tab), token_for(operator)[0]
    for path in ("tokens:tokens", "tokens:make"):
        tab.goto(reverse(path))
        complaints += barriers(tab)
    tab.goto(reverse("tokens:revoke", args=[token.pk]))
    complaints += barriers(tab)
    assert not complaints
