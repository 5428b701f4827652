"""What `live.js` does with a page, in a real browser."""

from itertools import count

import pytest
from django.http import HttpResponse
from django.urls import include, path
from playwright.sync_api import expect

from sophia import live
from tests.asgi import wait_until
from tests.pages.browsing import IN_A_BROWSER, browser  # noqa: F401

pytestmark = IN_A_BROWSER

PAGE = """<!doctype html><title>Desk</title>
<body data-events-url="/events/" data-last-event-id="{place}">
<p id="live-status" role="status"></p>
<div id="list" data-live="list">Visit {visit} <b hidden data-live-hint>There is news</b></div>
<form id="form" data-live="form">Visit {visit} <input name="text" value="as it was"></form>
<details id="more" data-live="more">Visit {visit} <summary>More</summary></details>
<div id="wrapped" data-live="wrapped"><details><summary>More</summary>Visit {visit}</details>
<b hidden data-live-hint>There is news</b></div>
<script src="/static/sophia/live.js"></script>
"""
visits = count(1)


def desk(request):
    return HttpResponse(PAGE.format(place=live.last_event_id(), visit=next(visits)))


urlpatterns = [path("desk/", desk), path("", include("sophia.urls"))]


@pytest.fixture
def tab(settings, browser, session_cookie, asgi_server):  # noqa: F811
    """The page above, opened by a person and connected to the stream."""
    settings.ROOT_URLCONF = __name__
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": session_cookie, "url": asgi_server.url}])
    page = context.new_page()
    with page.expect_request("**/events/**"):
        page.goto(f"{asgi_server.url}/desk/")
    yield page
    context.close()


def say(sentence="Something changed"):
    live.publish("desk", "draft.submitted", {"sentence": sentence})


def visit(tab, element):
    return tab.locator(f"#{element}").text_content().partition("There")[0].split()[1]


def looked_again(tab):
    with tab.expect_response("**/desk/") as answer:
        say()
    answer.value.finished()
    expect(tab.locator("#live-status")).not_to_be_empty()


def test_a_change_refreshes_what_is_live(tab):
    before = visit(tab, "list")
    looked_again(tab)
    assert visit(tab, "list") > before
    assert tab.locator("#live-status").text_content() == "Something changed"


def test_what_somebody_types_is_left_alone(tab):
    before = visit(tab, "form")
    tab.fill("[name=text]", "my own words")
    tab.evaluate("document.activeElement.blur()")
    looked_again(tab)
    assert visit(tab, "form") == before
    assert tab.input_value("[name=text]") == "my own words"
    assert tab.locator("#form[data-stale]").count() == 1


def test_an_open_fold_is_refreshed_once_it_is_closed(tab):
    tab.click("#wrapped summary")
    looked_again(tab)
    assert tab.locator("#wrapped[data-stale] [data-live-hint]").is_visible()
    tab.click("#wrapped summary")
    tab.evaluate("document.activeElement.blur()")
    tab.wait_for_selector("#wrapped:not([data-stale])")


def test_an_event_that_comes_twice_is_told_once(tab):
    tab.evaluate("window.told = []; document.addEventListener('sophia:changed', (e) => told.push(e.detail.sentence))")
    for word in ("one", "two", "three"):
        say(word)
    wait_until(lambda: tab.evaluate("told.length") == 3)
    assert tab.evaluate("told") == ["one", "two", "three"]
    tab.wait_for_timeout(400)
    assert tab.evaluate("told.length") == 3


def test_a_tab_that_comes_back_hears_what_it_missed(tab):
    hide = (
        "(hidden) => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true}); "
        "document.dispatchEvent(new Event('visibilitychange')) }"
    )
    tab.evaluate(hide, True)
    wait_until(lambda: not live.views.get_listener_manager().listeners_by_channel)
    say("while you were away")
    tab.evaluate(hide, False)
    expect(tab.locator("#live-status")).to_have_text("while you were away")
