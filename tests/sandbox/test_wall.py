import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from publishing.sandbox.models import Page
from tests.sandbox.conftest import PROFILE, attached, jpeg

WALL, PHOTOS = "/wall/facebook/1001/", f"/wall/instagram/{PROFILE}/"


def seen(client: Client, address: str = WALL) -> str:
    return client.get(address).content.decode()


def upload(graph, alt: str) -> str:
    source = SimpleUploadedFile("roll.jpg", jpeg(colour=f"#{len(alt):06x}"), "image/jpeg")
    return graph.post("1001/photos", source=source, published="false", alt_text_custom=alt).id


def test_the_wall_of_walls_names_every_account(client, bakery_photos):
    page = seen(client, "/wall/")
    assert WALL in page
    assert PHOTOS in page


def test_a_world_without_accounts_says_so(client, db):
    assert "There are no accounts here yet" in seen(client, "/wall/")


@pytest.mark.parametrize(
    ("address", "words"), [(WALL, "not posted anything yet"), (PHOTOS, "not shared any photos yet")]
)
def test_an_empty_wall_says_so(client, bakery_photos, address, words):
    assert words in seen(client, address)


def test_a_wall_shows_only_what_is_public(client, graph, bakery):
    graph.post("1001/feed", message="Fresh rolls")
    graph.post("1001/feed", message="Secret rolls", published="false")
    graph.delete(graph.post("1001/feed", message="Old rolls").id)
    page = seen(client)
    assert "Fresh rolls" in page
    assert "Secret rolls" not in page
    assert "Old rolls" not in page


def test_a_permalink_leads_to_the_post(client, graph, bakery):
    link = graph.post("1001/feed", message="Rolls", fields="permalink_url").json["permalink_url"]
    address, anchor = link.removeprefix("http://testserver").split("#")
    assert f'id="{anchor}"' in seen(client, address)


def test_addresses_become_links_and_markup_stays_text(client, graph, bakery):
    graph.post("1001/feed", message="<b>Rolls</b> on https://example.org/rolls")
    page = seen(client)
    assert "&lt;b&gt;Rolls&lt;/b&gt;" in page
    assert '<a href="https://example.org/rolls"' in page


def test_a_link_becomes_a_card(client, graph, bakery):
    graph.post("1001/feed", message="Read", link="https://www.example.org/story")
    assert '<span class="meta">example.org</span>' in seen(client)


def test_a_dangerous_link_never_gets_there(client, graph, bakery):
    assert graph.post("1001/feed", message="Read", link="javascript:alert(1)").code == (100, 2061006)
    assert "javascript" not in seen(client)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7])
def test_photos_stand_in_a_grid_with_their_alt_texts(client, graph, bakery, count):
    photos = [upload(graph, f"Roll {'x' * n}") for n in range(count)]
    graph.post("1001/feed", message="Photos", **attached(*photos))
    page = seen(client)
    assert f"count-{min(count, 5)}" in page
    assert 'alt="Roll x' in page or count == 1
    assert ("+2" in page) == (count == 7)


def test_an_image_of_the_wall_is_served(client, graph, bakery):
    upload(graph, "Roll")
    answer = client.get(bakery.pictures.get().url)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")


def test_an_unknown_image_is_not_found(client, db):
    assert client.get(f"/wall/image/{'0' * 64}").status_code == 404


def test_a_carousel_can_be_scrolled(client, graph, bakery_photos, pictures):
    address = pictures.add(jpeg())
    items = [graph.post(f"{PROFILE}/media", image_url=address, is_carousel_item="true").id for _ in range(2)]
    carousel = graph.post(f"{PROFILE}/media", media_type="CAROUSEL", children=",".join(items), caption="Two").id
    graph.post(f"{PROFILE}/media_publish", creation_id=carousel)
    page = seen(client, PHOTOS)
    assert "2 images, scroll sideways" in page
    assert "Two" in page


def test_a_post_can_be_removed_by_hand(graph, bakery):
    graph.post("1001/feed", message="Rolls")
    client = Client(enforce_csrf_checks=True)
    client.get(WALL)
    token = client.cookies["csrftoken"].value
    answer = client.post(f"{WALL}remove/", {"post": "1001_1", "csrfmiddlewaretoken": token}, follow=True)
    assert "not posted anything yet" in answer.content.decode()
    assert graph.get("1001_1").code == (100, 33)


def test_removing_by_hand_needs_the_form(graph, bakery):
    graph.post("1001/feed", message="Rolls")
    assert Client(enforce_csrf_checks=True).post(f"{WALL}remove/", {"post": "1001_1"}).status_code == 403
    assert bakery.posts.public().exists()


def test_a_post_is_removed_from_its_own_wall_only(client, graph, bakery):
    Page.objects.open("2002", "Other")
    graph.post("1001/feed", message="Rolls")
    assert client.post("/wall/facebook/2002/remove/", {"post": "1001_1"}).status_code == 404
    assert bakery.posts.public().exists()


def test_an_unknown_wall_is_not_found(client, bakery):
    assert client.get("/wall/facebook/9/").status_code == 404
    assert client.get("/wall/instagram/1001/").status_code == 404


@pytest.mark.parametrize("address", ["/wall/", WALL, PHOTOS])
def test_nothing_is_inline(client, graph, bakery_photos, address):
    graph.post("1001/feed", message="Rolls")
    page = seen(client, address)
    assert "<script" not in page
    assert "<style" not in page
    assert "style=" not in page


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/wall/facebook/%00/", "/wall/facebook/9/", "/wall/face%00/1001/"])
def test_a_wall_that_cannot_be_is_not_found(client, address):
    assert client.get(address).status_code == 404
