from datetime import timedelta

import pytest
from django.utils import timezone

from approval import screens
from approval.models import LinkCheck
from tests import make

LATER = timedelta(days=3)


def said(draft, operator):
    return [caution.sentence for caution in screens.draft(draft, operator, {})["cautions"]]


def test_a_fresh_draft_gives_no_cause(draft, operator):
    assert said(draft, operator) == []


def test_the_same_text_on_this_account_is_said_with_its_publication(draft, page, author, operator):
    out = make.published(make.draft(page, author, text=draft.text), operator)
    caution = screens.draft(draft, operator, {})["cautions"][0]
    assert caution.sentence == "The same text went out on this account:"
    assert (caution.publication, caution.at) == (out, out.published_at)


def test_the_same_text_is_said_however_an_app_wrote_it_and_the_exact_one_first(page, author, operator):
    text = "P\u00e3o \u2600 \u00e0s sete."
    exact = make.approved(make.draft(page, author, text=text), operator, at=timezone.now() + LATER)
    make.approved(
        make.draft(page, author, text="Pa\u0303o  \u2600\ufe0f a\u0300s sete."), operator, at=exact.publish_at + LATER
    )
    draft = make.draft(page, author, text=text)
    assert screens.draft(draft, operator, {})["cautions"][0].publication == exact
    exact.cancel(by=operator)
    assert said(draft, operator) == ["The same text is planned for this account:"]


def test_the_same_image_is_said_by_its_number(page, author, operator):
    make.published(make.draft(page, author, text="Then.", pictures=[(make.image("red"), "Red")]), operator)
    pictures = [(make.image("gold"), "Gold"), (make.image("red"), "Red")]
    draft = make.draft(page, author, suggested_at=timezone.now() + LATER, pictures=pictures)
    assert said(draft, operator) == ["Image 2 went out on this account:"]


def test_what_is_planned_counts_and_what_was_cancelled_does_not(draft, page, author, operator):
    planned = make.approved(make.draft(page, author, text=draft.text), operator, at=timezone.now() + LATER)
    assert said(draft, operator) == ["The same text is planned for this account:"]
    planned.cancel(by=operator)
    assert said(draft, operator) == []


def test_another_account_is_no_concern(draft, instagram, author, operator):
    make.published(make.draft(instagram, author, text=draft.text, pictures=[(make.image(), "A")]), operator)
    assert said(draft, operator) == []


def test_another_post_within_the_hour_is_said(draft, page, author, operator):
    make.approved(make.draft(page, author, text="Near."), operator, at=timezone.now() + timedelta(minutes=20))
    assert said(draft, operator) == ["Another post of the account lies 20 minutes away:"]


def test_missing_alt_texts_are_named(page, author, operator):
    pictures = [(make.image(color), alt) for color, alt in (("red", ""), ("gold", "Gold"), ("teal", " "))]
    assert said(make.draft(page, author, pictures=pictures), operator) == ["Images 1 and 3 have no alt text."]


def test_a_dead_link_is_said_until_it_is_changed(page, author, operator):
    draft = make.draft(page, author, link="https://lua.example/menu")
    found = {"asked_at": timezone.now(), "looked_at": timezone.now(), "problem": "It answers 404."}
    LinkCheck.objects.create(draft=draft, link=draft.link, **found)
    assert said(draft, operator) == ["The link does not work. It answers 404. Looked at:"]
    draft.edit(by=author, text=draft.text, link="https://lua.example/", pictures=[], digest=draft.digest())
    assert said(draft, operator) == []


@pytest.mark.parametrize("posts", [3, 30])
def test_a_busy_account_asks_the_database_no_more(desk, queries_of, draft, page, author, operator, posts):
    alone = queries_of(desk, draft.get_absolute_url())
    for number in range(posts):
        at = timezone.now() + timedelta(hours=number - 1 if number else 0, minutes=5)
        make.approved(make.draft(page, author, text=f"Number {number}."), operator, at=max(at, timezone.now()))
    assert queries_of(desk, draft.get_absolute_url()) == alone


def test_the_posts_around_it_are_shown_with_their_times(desk, draft, page, author, operator):
    before = make.published(make.draft(page, author, text="Before.", title="Yesterday"), operator)
    after = make.approved(make.draft(page, author, text="After."), operator, at=timezone.now() + LATER)
    near = screens.draft(draft, operator, {})["around"]
    assert (near.before.publication, near.after.publication) == (before, after)
    shown = desk.get(draft.get_absolute_url()).text
    assert "Yesterday" in shown
    assert "After." in shown


def test_several_edits_are_shown_together(desk, draft, author):
    for text in ("Fresh bread at eight.", "Fresh rolls at eight."):
        draft.edit(by=author, text=text, link="", pictures=[], digest=draft.digest())
    shown = desk.get(draft.get_absolute_url()).text
    assert "All edits together" in shown
    assert "<del>bread</del><ins>rolls</ins>" in shown


def test_a_link_that_is_written_in_the_text_only_gets_no_card(page, author, operator):
    bare = make.draft(page, author, text="The menu: https://lua.example/menu")
    carded = make.draft(page, author, text="The menu: https://lua.example/menu", link="https://lua.example/menu")
    hint = "The link is in the text only, so it gets no card. Put it into the link field to get one."
    assert said(bare, operator) == [hint]
    assert said(carded, operator) == []


def test_what_nobody_sees_is_said_by_name_wherever_it_stands(page, author, operator):
    hidden = {"text": "Price \u202e00.9 EUR\u202c", "link": "https://lua.example/\u200bmenu", "title": "A\u2066b"}
    draft = make.draft(page, author, pictures=[(make.image(), "A\u00adloaf")], **hidden)
    names = "U+202E RIGHT-TO-LEFT OVERRIDE, U+202C POP DIRECTIONAL FORMATTING"
    assert said(draft, operator) == [
        f"The text holds characters that nobody sees: {names}. Here: “Price ⟨U+202E⟩00.9 EUR⟨U+202C⟩”.",
        "The link holds characters that nobody sees: U+200B ZERO WIDTH SPACE. Here: “https://lua.example/⟨U+200B⟩menu”.",
        "The alt text of image 1 holds characters that nobody sees: U+00AD SOFT HYPHEN. Here: “A⟨U+00AD⟩loaf”.",
        "The title holds characters that nobody sees: U+2066 LEFT-TO-RIGHT ISOLATE. Here: “A⟨U+2066⟩b”.",
    ]


def test_together_says_it_too(desk, page, author):
    make.draft(page, author, text="Price \u202e00.9 EUR\u202c")
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in desk.get("/review/together").text


def test_an_alt_text_that_nobody_sees_is_none(page, author, operator):
    draft = make.draft(page, author, pictures=[(make.image(), "A loaf")])
    draft.pictures.update(alt="\u200b")
    assert "Image 1 has no alt text." in said(type(draft).objects.get(), operator)
