import pytest

from approval.models import Draft
from sophia.refusals import ChangedUnderneath, NotAcceptable, NotAllowed, Refused, WrongState
from tests import make


def edit(draft, by, **changes):
    content = {"text": draft.text, "link": draft.link, "pictures": [], "digest": draft.digest()} | changes
    draft.edit(by=by, **content)


def test_an_edit_is_recorded_with_what_it_changed(draft, author):
    edit(draft, author, text="Rolls at eight.", link="https://lua.example/menu")
    decision = draft.decisions.last()
    assert decision.diff["text"] == ["Fresh bread at seven.", "Rolls at eight."]
    assert decision.diff["link"] == ["", "https://lua.example/menu"]
    assert decision.digest == draft.digest()


def test_saving_without_a_change_records_nothing(draft, author):
    edit(draft, author)
    assert draft.decisions.last().verb == "submitted"


def test_line_ends_of_browsers_are_no_change(draft, author):
    edit(draft, author, text="One\r\nTwo\r\n")
    edit(draft, author, text="One\nTwo")
    assert draft.text == "One\nTwo"
    assert draft.decisions.filter(verb="edited").count() == 1


def test_images_and_alt_texts_are_part_of_the_content(draft, author):
    before = draft.digest()
    edit(draft, author, pictures=[(make.image("teal"), "A loaf"), (make.image("navy"), "")])
    with_alt = draft.digest()
    edit(draft, author, pictures=[(make.image("navy"), ""), (make.image("teal"), "A loaf")])
    assert len({before, with_alt, draft.digest()}) == 3


def test_an_edit_on_top_of_an_unseen_edit_is_refused(draft, author, operator):
    seen = draft.digest()
    edit(draft, author, text="Rolls at eight.")
    with pytest.raises(ChangedUnderneath):
        edit(draft, operator, text="Cakes at nine.", digest=seen)
    draft.refresh_from_db()
    assert draft.text == "Rolls at eight."


def test_an_approved_draft_must_be_reopened_first(draft, operator):
    make.approved(draft, operator)
    with pytest.raises(WrongState, match="Reopen it first"):
        edit(draft, operator, text="Other")


def test_a_viewer_cannot_edit(draft, viewer):
    with pytest.raises(NotAllowed):
        edit(draft, viewer, text="Other")


def test_an_edit_that_the_platform_would_refuse_changes_nothing(draft, author):
    with pytest.raises(NotAcceptable):
        edit(draft, author, text="", link="")
    draft.refresh_from_db()
    assert draft.text == "Fresh bread at seven."


@pytest.mark.parametrize(
    "link",
    ["lua.example", "javascript:alert(1)", "ftp://lua.example", "https://", "https://a b", "https://x/" + "y" * 2000],
)
def test_a_link_is_a_whole_web_address(draft, author, link):
    with pytest.raises(NotAcceptable, match="whole web address"):
        edit(draft, author, link=link)


def test_a_nul_character_is_refused(draft, author):
    with pytest.raises(NotAcceptable, match="NUL"):
        edit(draft, author, text="a\0b")


def test_a_new_draft_that_is_refused_leaves_no_row(page, author):
    with pytest.raises(NotAcceptable):
        Draft.objects.write(by=author, account=page, text="x" * 63_207)
    assert not Draft.objects.exists()


def test_an_edit_that_is_refused_changes_no_row(draft, author):
    with pytest.raises(NotAcceptable):
        draft.edit(by=author, text="x" * 63_207, link="", pictures=[], digest=draft.digest(), title="Too long")
    draft.refresh_from_db()
    assert (draft.text, draft.title) == ("Fresh bread at seven.", "")


def test_an_edit_knows_no_other_details(draft, author):
    with pytest.raises(Refused, match="“state” is not known here"):
        draft.edit(by=author, text="Rolls.", link="", pictures=[], digest=draft.digest(), state="approved")
