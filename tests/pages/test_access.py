import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from tests import make

PAGES = [
    "home",
    "calendar",
    "approval:review",
    "approval:new",
    "publishing:queue",
    "publishing:pauses",
    "publishing:emergencies",
]
VERBS = {
    "approval": ["approve", "reject", "skip", "submit", "withdraw", "reopen"],
    "publishing": ["cancel", "retry", "reschedule", "confirm", "deny", "recover"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_sent_to_sign_in(client, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize("name", PAGES)
def test_an_operator_sees_every_page(desk, publication, name):
    assert desk.get(reverse(name), follow=True).status_code == 200


@pytest.mark.parametrize("name", ["approval:review", "publishing:queue", "publishing:pauses"])
def test_somebody_without_a_role_is_refused(signed_in, stranger, name):
    assert signed_in(stranger).get(reverse(name)).status_code == 403


def test_an_operator_is_not_sent_for_a_role_that_they_have(signed_in, operator):
    refused = signed_in(operator).get("/tokens/")
    assert refused.status_code == 403
    assert "Ask an administrator to do it for you" in refused.content.decode()
    assert "operator" not in refused.content.decode()


def test_somebody_without_a_role_is_told_on_the_first_page(signed_in, stranger):
    assert "no role yet" in signed_in(stranger).get("/").content.decode()


def test_a_viewer_sees_no_button(signed_in, viewer, draft):
    page = signed_in(viewer).get(draft.get_absolute_url()).content.decode()
    assert "Fresh bread" in page
    assert "You may look, not decide." in page
    assert not [verb for verb in [*VERBS["approval"], "edit"] if f"/review/{draft.pk}/{verb}" in page]


def test_an_author_may_edit_but_not_decide(signed_in, author, draft):
    page = signed_in(author).get(draft.get_absolute_url()).content.decode()
    assert reverse("approval:edit", args=[draft.pk]) in page
    assert reverse("approval:approve", args=[draft.pk]) not in page


def test_a_viewer_may_not_write(signed_in, viewer, db):
    assert signed_in(viewer).get(reverse("approval:new")).status_code == 403


@pytest.mark.parametrize("verb", VERBS["approval"])
def test_a_verb_on_a_draft_is_never_a_link(desk, draft, verb):
    assert desk.get(reverse(f"approval:{verb}", args=[draft.pk])).status_code == 405


@pytest.mark.parametrize("verb", VERBS["publishing"])
def test_a_verb_on_a_publication_is_never_a_link(desk, publication, verb):
    assert desk.get(reverse(f"publishing:{verb}", args=[publication.pk])).status_code == 405


def test_an_image_is_served_to_people_who_may_see_it(desk, client):
    image = make.image()
    address = reverse("publishing:image", args=[image.sha256])
    answer = desk.get(address + "?name=Olives 1")
    assert answer.content == image.read()
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="olives-1.jpg"'
    assert client.get(address).status_code == 302


def test_an_image_whose_file_is_gone_is_not_found(desk):
    image = make.image()
    image.path.unlink()
    assert desk.get(reverse("publishing:image", args=[image.sha256])).status_code == 404


def test_no_page_has_inline_styles_or_scripts(desk, draft, publication):
    for address in ["/", draft.get_absolute_url(), publication.get_absolute_url(), "/queue/", "/pause/", "/review/new"]:
        page = desk.get(address).content.decode()
        assert "style=" not in page
        assert "<script>" not in page
        assert "onclick" not in page


def test_an_address_that_names_nothing_says_so_kindly(desk):
    answer = desk.get("/review/999/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.parametrize("name", ["500.html", "403_csrf.html"])
def test_a_page_for_bad_days_needs_nothing_else_to_work(name):
    assert "Back to the desk" in render_to_string(name)


@pytest.mark.django_db
def test_signing_in_and_out(client, operator):
    assert "do not fit together" in client.post("/login/", {"username": "olga", "password": "x"}).content.decode()
    answer = client.post("/login/", {"username": "olga", "password": "a-good-password"}, follow=True)
    assert "Welcome, olga" in answer.content.decode()
    assert client.post("/logout/").status_code == 302
    assert client.get("/").status_code == 302
