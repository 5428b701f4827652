"""Clients see a draft as soon as it is submitted: that is said where it matters."""

from django.urls import reverse

from tests import make

SEES = "Marta (Café Lua) can see it as soon as it is submitted"


def test_the_button_that_submits_says_who_sees_it(desk, page, author, link):
    draft = make.draft(page, author, submit=False)
    assert SEES in desk.get(draft.get_absolute_url()).text
    assert SEES in desk.get(reverse("approval:new")).text


def test_nobody_is_named_whose_link_has_ended(desk, page, author, operator, link):
    link[0].revoke(by=operator)
    assert SEES not in desk.get(make.draft(page, author, submit=False).get_absolute_url()).text


def test_who_makes_a_link_is_told(desk, page):
    assert "also before anybody here has looked at it" in desk.get(reverse("approval:make_link")).text


def test_the_clients_page_shows_the_whole_text_all_images_and_alt_texts(phone, page, author, link):
    pictures = [(make.image(color), f"A {color} tile") for color in ("red", "green", "blue")]
    draft = make.draft(page, author, text="A quiet morning in the workshop. " * 20 + "The end.", pictures=pictures)
    shown = phone.get(f"{link[1]}{draft.pk}/").text
    assert "<details" not in shown
    assert "The end.</p>" in shown
    assert [shown.count(f"A {color} tile") for color in ("red", "green", "blue")] == [2, 2, 2]
