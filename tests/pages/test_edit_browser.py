"""Editing, in a real browser."""

import base64

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from approval.models import Draft
from tests import make
from tests.pages.browsing import IN_A_BROWSER

pytestmark = IN_A_BROWSER
DROP = """([area, name, data]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  transfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
  document.querySelector(area).dispatchEvent(new DragEvent("drop", options));
}"""


@pytest.fixture
def edit_page(draft):
    return reverse("approval:edit", args=[draft.pk])


def text_of(tab):
    return tab.get_by_role("textbox", name="Text", exact=True)


def save(tab):
    tab.get_by_role("button", name="Save", exact=True).click()


def drop(tab, name, data):
    tab.evaluate(DROP, ["#pictures", name, base64.b64encode(data).decode()])


def alts(draft):
    return [picture.alt for picture in Draft.objects.get(pk=draft.pk).pictures.all()]


def test_images_are_dropped_described_reordered_and_saved(open_tab, operator, draft, edit_page):
    tab = open_tab(operator, edit_page)
    drop(tab, "loaf.jpg", make.jpeg(color="gold"))
    tab.get_by_label("Alt text of image 1").fill("A loaf")
    drop(tab, "oven.jpg", make.jpeg(color="red"))
    tab.get_by_label("Alt text of image 2").fill("The oven")
    tab.get_by_role("button", name="Earlier").nth(1).click()
    expect(tab.locator("#counts")).to_contain_text("2 of 10 images")
    save(tab)
    tab.wait_for_url(f"**{draft.get_absolute_url()}")
    assert alts(draft) == ["The oven", "A loaf"]


def test_a_dropped_file_that_is_no_image_is_named(open_tab, operator, edit_page):
    tab = open_tab(operator, edit_page)
    drop(tab, "notes.jpg", b"no image at all")
    expect(tab.get_by_role("alert")).to_contain_text("notes.jpg is not a readable JPEG or PNG image.")


def test_an_image_is_dragged_to_another_place(open_tab, operator, page, author):
    images = [(make.image("red"), "Red"), (make.image("gold"), "Gold"), (make.image("teal"), "Teal")]
    draft = make.draft(page, author, pictures=images)
    tab = open_tab(operator, reverse("approval:edit", args=[draft.pk]))
    tab.locator(".handle").nth(2).drag_to(tab.locator(".picture").nth(0), target_position={"x": 20, "y": 5})
    expect(tab.locator("[name=position]").nth(0)).to_have_value("1")
    save(tab)
    tab.wait_for_url(f"**{draft.get_absolute_url()}")
    assert alts(draft) == ["Teal", "Red", "Gold"]


def test_counts_follow_what_is_typed(open_tab, operator, instagram, author, settings):
    draft = make.draft(instagram, author, pictures=[(make.image(), "A")])
    settings.SOPHIA_PLATFORMS |= {"instagram": "publishing.platforms.instagram.Instagram"}
    tab = open_tab(operator, reverse("approval:edit", args=[draft.pk]))
    text_of(tab).fill("#bread " * 31 + "@lua 🍞")
    counts = tab.locator("#counts")
    expect(counts).to_contain_text("31 of 30 hashtags: too many")
    expect(counts).to_contain_text("1 of 20 mentions")
    expect(counts).to_contain_text("223 of 2200 characters")


def test_what_was_typed_survives_a_crash_and_is_offered_not_forced(open_tab, operator, edit_page):
    tab = open_tab(operator, edit_page)
    text_of(tab).fill("Fresh bread at six.")
    drop(tab, "loaf.jpg", make.jpeg(color="gold"))
    tab.get_by_label("Alt text of image 1").fill("A loaf")
    tab.wait_for_timeout(600)
    tab.reload()
    expect(text_of(tab)).to_have_value("Fresh bread at seven.")
    tab.get_by_role("button", name="Bring it back").click()
    expect(text_of(tab)).to_have_value("Fresh bread at six.")
    expect(tab.get_by_label("Alt text of image 1")).to_have_value("A loaf")


def test_after_saving_nothing_is_offered(open_tab, operator, draft, edit_page):
    tab = open_tab(operator, edit_page)
    text_of(tab).fill("Fresh bread at six.")
    save(tab)
    tab.wait_for_url(f"**{draft.get_absolute_url()}")
    assert tab.evaluate("Object.keys(localStorage).length") == 0
    tab.goto(edit_page)
    expect(tab.locator("#kept")).to_be_hidden()


def test_a_change_from_a_second_browser_is_shown_and_nothing_typed_is_lost(
    open_tab, operator, author, draft, edit_page
):
    mine, theirs = open_tab(operator, edit_page), open_tab(author, edit_page)
    text_of(mine).fill("Rolls at nine.")
    text_of(theirs).fill("Fresh bread at eight.")
    save(theirs)
    theirs.wait_for_url(f"**{draft.get_absolute_url()}")
    save(mine)
    expect(mine.locator(".note.error ins")).to_contain_text("eight.")
    expect(text_of(mine)).to_have_value("Rolls at nine.")
    mine.goto(edit_page)
    mine.get_by_role("button", name="Bring it back").click()
    save(mine)
    mine.wait_for_url(f"**{draft.get_absolute_url()}")
    assert Draft.objects.get().text == "Rolls at nine."


def test_e_reopens_and_edits_what_is_approved(open_tab, operator, draft, publication, edit_page):
    tab = open_tab(operator, draft.get_absolute_url())
    tab.keyboard.press("e")
    tab.wait_for_url(f"**{edit_page}")
    assert Draft.objects.get().state == Draft.State.IN_REVIEW
