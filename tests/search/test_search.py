import pytest
from django.utils import timezone

from tests import make


def found(browser, q="", **typed):
    groups = browser.get("/search/", {"q": q} | typed).context["groups"]
    return {group["name"]: [row.pk for row in group["rows"]] for group in groups if group["count"]}


def test_every_word_is_looked_for_everywhere(desk, draft, page, author):
    other = make.draft(page, author, text="Rolls.", title="For Friday", link="https://example.com/rolls", ref="r-77")
    assert found(desk, "bread FRESH") == {"drafts": [draft.pk]}
    for q in ("rolls", "friday rolls", "example.com", "R-77", "ROLLS facebook:1001"):
        assert found(desk, q) == {"drafts": [other.pk]}, q
    assert found(desk, "bread friday") == {}


def test_the_client_and_the_account_are_found_by_name(desk, draft, author):
    other = make.draft(make.account("instagram", "17841", "Órbita"), author, pictures=[(make.image(), "")])
    assert found(desk, "lua") == {"drafts": [draft.pk]}
    for q in ("órbita", "ÓRBITA", "instagram:17841", "17841"):
        assert found(desk, q) == {"drafts": [other.pk]}, q


def test_letters_with_accents_are_found_in_any_case(desk, page, author):
    draft = make.draft(page, author, text="A PROMOÇÃO de Outono.")
    assert found(desk, "promoção") == {"drafts": [draft.pk]}


def test_letters_are_found_however_an_app_composed_them(desk, page, author):
    draft = make.draft(page, author, text="A promoc\u0327a\u0303o de Outono.")
    assert found(desk, "promo\u00e7\u00e3o\u200b") == {"drafts": [draft.pk]}


def test_a_publication_is_found_by_its_id_its_post_and_its_draft(desk, page, author, operator):
    publication = make.published(make.draft(page, author, title="Autumn", ref="a-1"), operator)
    for q in (str(publication.pk), publication.post_id, publication.permalink, "autumn", "a-1"):
        assert publication.pk in found(desk, q)["publications"], q


def test_the_newest_come_first_and_pages_follow(desk, page, author):
    drafts = [make.draft(page, author, text=f"Bread {number}.").pk for number in range(32)]
    assert found(desk, "bread")["drafts"] == drafts[:-11:-1]
    assert found(desk, "bread", kind="drafts", page="2")["drafts"] == [drafts[1], drafts[0]]


def test_client_and_state_narrow_it(desk, draft, publication, author):
    other = make.draft(make.account("facebook", "2002", "Aardvark"), author)
    assert found(desk, "bread", client=other.account.client_id) == {"drafts": [other.pk]}
    assert found(desk, "bread", state="queued") == {"publications": [publication.pk]}
    assert found(desk, "bread", state="in_review") == {"drafts": [other.pk]}
    assert found(desk, state="queued") == {"publications": [publication.pk]}


def test_matches_are_marked_and_text_stays_text(desk, page, author):
    make.draft(page, author, text="<b>Bread</b> & butter " + "x" * 300 + " amp")
    shown = desk.get("/search/", {"q": "bread amp"}).text
    assert "&lt;b&gt;<mark>Bread</mark>&lt;/b&gt; &amp; butter" in shown
    assert "<b>Bread" not in shown


def test_nothing_asked_and_nothing_found_say_what_to_do(desk, draft):
    assert "What are you looking for?" in desk.get("/search/").text
    assert "Nothing found" in desk.get("/search/", {"q": "zebra"}).text
    assert "all clients in any state" in desk.get("/search/", {"q": "zebra", "state": "queued"}).text


@pytest.mark.parametrize("q", ["%", "_", "\\", "a\0b", "'", "(", "9" * 300, "²", "x " * 300])
def test_odd_questions_are_no_error(desk, draft, q):
    answer = desk.get("/search/", {"q": q, "client": "\0", "state": "x", "page": "x", "kind": "x"})
    assert answer.status_code == 200


def test_signs_of_the_database_are_letters(desk, draft):
    assert found(desk, "%") == {}


def test_who_may_not_see_the_lists_may_not_search(signed_in, stranger, viewer, client):
    assert signed_in(stranger).get("/search/").status_code == 403
    assert signed_in(viewer).get("/search/").status_code == 200
    assert client.get("/search/").status_code == 302


def test_every_page_has_the_form(desk, draft):
    assert 'role="search"' in desk.get(draft.get_absolute_url()).text


def test_more_matches_take_no_more_queries(desk, page, author, operator, queries_of):
    def one(number):
        make.draft(page, author, text=f"Bread {number}.", pictures=[(make.image(), "A")])
        make.approved(make.draft(page, author), operator, at=timezone.now())

    one(0)
    few = queries_of(desk, "/search/?q=bread")
    for number in range(8):
        one(number)
    assert queries_of(desk, "/search/?q=bread") == few
