"""The pages in a real browser. Skipped where there is none."""

from django.urls import reverse
from playwright.sync_api import expect

from approval.models import Draft
from publishing.models import Pause, Publication
from sophia.notifications.announce import announce
from tests import make
from tests.asgi import wait_until
from tests.draining import carry_out
from tests.pages.browsing import IN_A_BROWSER

pytestmark = IN_A_BROWSER


def state(draft):
    return Draft.objects.get(pk=draft.pk).state


def test_one_key_approves_and_brings_the_next(open_tab, operator, draft, page, author):
    following = make.draft(page, author, text="Second.")
    tab = open_tab(operator, draft.get_absolute_url())
    tab.keyboard.press("a")
    expect(tab.get_by_role("status")).to_contain_text("Approved.")
    tab.wait_for_url(f"**{following.get_absolute_url()}")
    assert state(draft) == Draft.State.APPROVED


def test_keys_walk_the_queue(open_tab, operator, draft, page, author):
    following = make.draft(page, author, text="Second.")
    tab = open_tab(operator, "/review/")
    tab.keyboard.press("j")
    tab.wait_for_url(f"**{following.get_absolute_url()}")
    tab.keyboard.press("k")
    tab.wait_for_url(f"**{draft.get_absolute_url()}")
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog")).to_be_visible()


def test_a_letter_that_is_typed_is_no_key(open_tab, operator, draft):
    tab = open_tab(operator, draft.get_absolute_url())
    tab.keyboard.press("r")
    tab.get_by_label("Note for the author").fill("")
    tab.get_by_label("Note for the author").press_sequentially("as said")
    tab.keyboard.press("Control+a")
    assert tab.get_by_label("Note for the author").input_value() == "as said"
    assert state(draft) == Draft.State.IN_REVIEW


def test_rejecting_with_tags_by_key(open_tab, operator, draft):
    tab = open_tab(operator, draft.get_absolute_url())
    tab.keyboard.press("r")
    tab.get_by_label("too long").check()
    tab.get_by_label("Note for the author").fill("Half of it.")
    tab.get_by_role("button", name="Reject", exact=True).click()
    expect(tab.get_by_role("status")).to_contain_text("Rejected.")
    decision = draft.decisions.last()
    assert (decision.tags, decision.note) == (["too long"], "Half of it.")


def test_editing_by_key(open_tab, operator, draft):
    tab = open_tab(operator, draft.get_absolute_url())
    tab.keyboard.press("e")
    tab.get_by_role("textbox", name="Text", exact=True).fill("Fresh bread at six.")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("article")).to_contain_text("Fresh bread at six.")
    expect(tab.locator("#history ins")).to_contain_text("six.")


def test_the_page_changes_when_somebody_else_approves(open_tab, operator, second_operator, draft):
    tab = open_tab(operator, draft.get_absolute_url())
    expect(tab.get_by_role("button", name="Approve")).to_be_visible()
    draft.approve(by=second_operator, digest=draft.digest())
    expect(tab.locator("#decide .state")).to_contain_text("Approved")
    expect(tab.get_by_role("button", name="Approve")).to_have_count(0)
    expect(tab.locator("#live-status")).to_contain_text("oskar has approved")


def test_what_is_on_screen_is_never_exchanged_but_it_is_said(open_tab, operator, author, draft):
    tab = open_tab(operator, draft.get_absolute_url())
    draft.edit(by=author, text="Fresh bread at eight.", link="", pictures=[], digest=draft.digest())
    expect(tab.get_by_text("This draft has changed since you opened it.")).to_be_visible()
    expect(tab.get_by_role("article")).to_contain_text("seven")
    tab.keyboard.press("a")
    expect(tab.locator(".note.error ins")).to_contain_text("eight.")
    assert state(draft) == Draft.State.IN_REVIEW


def test_a_queue_that_is_open_sees_it_go_out(open_tab, operator, publication):
    tab = open_tab(operator, "/queue/")
    expect(tab.locator("#upcoming")).to_contain_text("Fresh bread")
    publication.publish()
    expect(tab.locator("#out")).to_contain_text("Fresh bread")
    expect(tab.locator("#upcoming")).not_to_contain_text("Fresh bread")


def test_an_empty_review_page_shows_what_comes_in(open_tab, operator, page, author):
    tab = open_tab(operator, "/review/")
    expect(tab.get_by_text("Nothing to review")).to_be_visible()
    make.draft(page, author)
    expect(tab.get_by_role("article")).to_contain_text("Fresh bread")


def test_a_page_that_was_opened_by_its_list_never_turns_into_another_draft(
    open_tab, operator, second_operator, draft, page, author
):
    make.draft(page, author, text="Second.")
    tab = open_tab(operator, "/review/")
    draft.skip(by=second_operator)
    expect(tab.locator("#decide .state")).to_contain_text("Skipped")
    expect(tab.get_by_role("article")).to_contain_text("Fresh bread")


def test_a_form_that_somebody_fills_in_is_left_alone(open_tab, operator, second_operator, draft):
    tab = open_tab(operator, draft.get_absolute_url())
    tab.keyboard.press("r")
    tab.get_by_label("Note for the author").fill("Half of")
    draft.skip(by=second_operator)
    expect(tab.get_by_text("Finish, or")).to_be_visible()
    assert tab.get_by_label("Note for the author").input_value() == "Half of"


def test_taking_down_ends_without_a_reload(open_tab, operator, draft):
    publication = make.published(draft, operator)
    tab = open_tab(operator, publication.get_absolute_url())
    tab.get_by_text("Take down…").click()
    tab.get_by_label("Why").fill("Typo")
    tab.get_by_label("Yes, remove this from Facebook").check()
    tab.get_by_role("button", name="Take it down").click()
    expect(tab.get_by_text("Being taken down…")).to_be_visible()
    carry_out(publication.recoveries.get())
    expect(tab.locator("#status .state")).to_contain_text("Recovered")


def test_an_emergency_is_followed_without_a_reload(open_tab, operator, draft):
    publication = make.published(draft, operator)
    tab = open_tab(operator, "/takedown/")
    tab.get_by_label("Client").select_option("Café Lua")
    tab.get_by_role("button", name="Show what would come down").click()
    tab.get_by_label("Why").fill("Wrong prices")
    tab.get_by_label("To confirm, type the client's name").fill("Café Lua")
    tab.get_by_role("button", name="Take everything down").click()
    expect(tab.locator("#progress")).to_contain_text("0 of 1 proved gone")
    wait_until(lambda: publication.recoveries.get().is_proved or publication.recoveries.get().execute())
    expect(tab.locator("#progress")).to_contain_text("1 of 1 proved gone")


def every_page(draft, publication, pause):
    names = [
        "home",
        "calendar",
        "notices:notices",
        "approval:review",
        "approval:new",
        "publishing:queue",
        "publishing:pauses",
        "publishing:emergencies",
    ]
    return [
        *map(reverse, names),
        draft.get_absolute_url(),
        reverse("approval:edit", args=[draft.pk]),
        "/review/?state=approved",
        reverse("approval:together"),
        "/queue/?state=queued",
        publication.get_absolute_url(),
        reverse("publishing:lift", args=[pause.pk]),
    ]


def test_every_page_fits_a_phone_and_has_no_error(open_tab, operator, page, author, publication):
    long = make.draft(
        page, author, text="Unterbeamtengesellschaft" * 30, title="W" * 180, pictures=[(make.image(), "A")]
    )
    pause = Pause.objects.start(by=operator, reason="Because" * 40)
    tab = open_tab(operator, "/", viewport={"width": 390, "height": 844}, is_mobile=True)
    errors = []
    tab.on("pageerror", lambda error: errors.append(error))
    for path in every_page(long, publication, pause):
        assert tab.goto(path).status == 200
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert errors == []


def test_everything_works_without_javascript(open_tab, operator, draft):
    tab = open_tab(operator, "/review/", java_script_enabled=False)
    tab.get_by_role("link", name="Edit").click()
    tab.get_by_role("textbox", name="Text", exact=True).fill("Fresh bread at six.")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("radio", name="Now").check()
    tab.get_by_role("button", name="Approve").click()
    expect(tab.locator(".messages")).to_contain_text("Approved.")
    assert Publication.objects.get().text == "Fresh bread at six."


def test_an_urgent_notice_appears_on_every_open_page(open_tab, operator, draft):
    tab = open_tab(operator, draft.get_absolute_url())
    announce("publication.failed", "Publication 7 is failed: no token.", link="/queue/", urgent=True)
    toast = tab.locator(".toast")
    expect(toast).to_contain_text("Publication 7 is failed")
    expect(tab.locator("#bell")).to_contain_text("1")
    expect(tab.locator("#live-status")).to_be_empty()
    toast.get_by_role("button", name="Dismiss").press("Enter")
    expect(toast).to_have_count(0)
    expect(tab.locator("#main")).to_be_focused()


def test_an_urgent_notice_of_a_lost_connection_is_made_up_for(open_tab, operator, draft):
    tab = open_tab(operator, "/queue/")
    tab.context.set_offline(True)
    tab.evaluate("window.dispatchEvent(new Event('pagehide'))")
    announce("publication.missed", "Publication 8 is missed.", urgent=True)
    tab.context.set_offline(False)
    tab.evaluate("window.dispatchEvent(new Event('pageshow'))")
    expect(tab.locator(".toast")).to_contain_text("Publication 8 is missed")


def test_reading_empties_the_bell(open_tab, operator, draft):
    announce("publication.failed", "Publication 7 is failed.", urgent=True)
    tab = open_tab(operator, "/notices/")
    expect(tab.locator("#bell b")).to_be_visible()
    tab.get_by_role("button", name="Mark all as read").click()
    expect(tab.locator("#bell b")).to_have_count(0)


def test_the_clock_of_a_takedown_runs(open_tab, operator, draft):
    publication = make.published(draft, operator)
    publication.recover(by=operator, reason="Wrong price")
    tab = open_tab(operator, publication.get_absolute_url())
    clock = tab.locator("#status time.elapsed")
    first = clock.text_content()
    expect(clock).not_to_have_text(first)
