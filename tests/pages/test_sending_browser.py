"""Images that are still on their way when somebody saves, in a real browser."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from approval.models import Draft
from tests import make
from tests.pages.browsing import IN_A_BROWSER, wait_for

pytestmark = IN_A_BROWSER
UPLOAD = "**/review/images"
LOST = "Not saved: 1 image missing."


@pytest.fixture
def files():
    return [
        {"name": f"{color}.jpg", "mimeType": "image/jpeg", "buffer": make.jpeg(color=color)}
        for color in ("gold", "red")
    ]


@pytest.fixture
def held():
    """Answers to uploads that are given when the test says so."""
    return []


@pytest.fixture
def writing(open_tab, author, page, held):
    """A new draft, with words, whose images do not arrive yet."""
    tab = open_tab(author, reverse("approval:new"))
    tab.route(UPLOAD, lambda route: held.append(route))
    tab.get_by_label("Account").select_option(str(page.pk))
    tab.get_by_role("textbox", name="Text", exact=True).fill("New bread")
    return tab


def choose(tab, files):
    tab.locator("input[name=images]").set_input_files(files)


def let_go(tab, held, number):
    """The next `number` of them, as each is asked for when the one before has been answered."""
    for _ in range(number):
        while not held:
            tab.wait_for_timeout(20)
        held.pop().continue_()


def submit(tab):
    tab.get_by_role("button", name="Save and submit").click()


def pictures():
    return [draft.pictures.count() for draft in Draft.objects.filter(state=Draft.State.IN_REVIEW)]


def test_submitting_waits_for_images_that_are_under_way(writing, held, files):
    choose(writing, files)
    expect(writing.locator(".sending canvas")).to_have_count(2)
    expect(writing.locator(".sending progress")).to_have_count(2)
    submit(writing)
    expect(writing.get_by_text("Waiting for 2 images.")).to_be_visible()
    assert not Draft.objects.exists()
    let_go(writing, held, 2)
    writing.wait_for_url(re.compile(r"/review/\d+/$"))
    assert pictures() == [2]


def test_what_waits_is_shown_before_it_has_arrived(writing, files):
    choose(writing, files[:1])
    middle = "canvas.getContext('2d').getImageData(48, 48, 1, 1).data.slice(0, 3)"
    pixel = f"canvas => [...{middle}].map((value) => Math.round(value / 50))"
    wait_for(writing, f"({pixel})(document.querySelector('.sending canvas')).join() === '5,4,0'")


def test_one_upload_that_failed_stops_the_submitting_until_it_is_tried_again(writing, held, files):
    choose(writing, files)
    submit(writing)
    while not held:
        writing.wait_for_timeout(20)
    held.pop().abort()
    let_go(writing, held, 1)
    expect(writing.get_by_text(LOST)).to_be_visible()
    expect(writing.get_by_text("gold.jpg was not sent: Sophia cannot be reached.")).to_be_visible()
    submit(writing)
    expect(writing.get_by_text(LOST)).to_be_visible()
    assert not Draft.objects.exists()
    writing.get_by_role("button", name="Try again").click()
    let_go(writing, held, 1)
    expect(writing.locator(".sending")).to_have_count(0)
    submit(writing)
    writing.wait_for_url(re.compile(r"/review/\d+/$"))
    assert pictures() == [2]


def test_an_image_that_is_left_out_is_missed_by_nobody(writing, held, files):
    choose(writing, files)
    writing.get_by_role("button", name="Leave out").first.click()
    submit(writing)
    while len(held) < 2:  # the first was given up
        writing.wait_for_timeout(20)
    held[1].continue_()
    writing.wait_for_url(re.compile(r"/review/\d+/$"))
    assert pictures() == [1]


def test_a_file_that_is_no_image_stops_saving_on_the_page_of_a_draft_too(open_tab, author, draft):
    tab = open_tab(author, reverse("approval:edit", args=[draft.pk]))
    choose(tab, [{"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no image at all"}])
    expect(tab.get_by_role("alert")).to_contain_text("notes.jpg is not a readable JPEG or PNG image.")
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_text(LOST)).to_be_visible()
    assert "/edit" in tab.url
    tab.get_by_role("button", name="Leave out").click()
    tab.get_by_role("button", name="Save", exact=True).click()
    tab.wait_for_url(re.compile(rf"{draft.get_absolute_url()}$"))


def test_saving_a_draft_waits_too(open_tab, author, draft, held, files):
    tab = open_tab(author, reverse("approval:edit", args=[draft.pk]))
    tab.route(UPLOAD, lambda route: held.append(route))
    choose(tab, files)
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_text("Waiting for 2 images.")).to_be_visible()
    let_go(tab, held, 2)
    tab.wait_for_url(re.compile(rf"{draft.get_absolute_url()}$"))
    assert Draft.objects.get().pictures.count() == 2
