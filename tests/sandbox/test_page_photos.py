import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from publishing.sandbox.images import path_of
from publishing.sandbox.models import Knob, Page, Picture
from tests.sandbox.conftest import attached, jpeg


def upload(graph, data: bytes | None = None, **params):
    source = SimpleUploadedFile("roll.jpg", data or jpeg(), "image/jpeg")
    return graph.post("1001/photos", source=source, **params)


def test_an_unpublished_photo_gives_its_id_only_and_no_post(graph, bakery):
    answer = upload(graph, published="false")
    assert set(answer.json) == {"id"}
    assert not bakery.posts.exists()


def test_a_published_photo_gives_its_post_as_well(graph, bakery):
    answer = upload(graph, caption="Rolls")
    assert answer.json["post_id"] == "1001_1"
    assert bakery.posts.public().get().text == "Rolls"


def test_the_alt_text_and_the_bytes_are_kept(graph, bakery):
    data = jpeg(300, 200)
    photo = Picture.objects.get(graph_id=upload(graph, data, published="false", alt_text_custom="A roll").id)
    assert (photo.alt, photo.width, photo.height) == ("A roll", 300, 200)
    assert path_of(photo.sha256).read_bytes() == data


def test_a_photo_may_be_fetched_from_an_address(graph, bakery, pictures):
    answer = graph.post("1001/photos", url=pictures.add(jpeg()), published="false")
    assert answer.status == 200


def test_an_address_without_a_photo_is_refused(graph, bakery, pictures):
    assert graph.post("1001/photos", url=f"{pictures.url}/none.jpg").code == (324, 2069019)


def test_what_is_no_image_is_refused(graph, bakery):
    assert upload(graph, b"<html>").code == (324, 2069019)
    assert graph.post("1001/photos").code == (324, None)


def test_a_photo_of_ten_megabytes_is_too_big(graph, bakery):
    assert upload(graph, jpeg() + bytes(10 * 1024 * 1024)).code == (100, 1366046)


def encodings(photos: list[str]) -> dict[str, dict[str, str]]:
    objects = [{"media_fbid": photo} for photo in photos]
    return {
        "indexed": attached(*photos),
        "one list": {"attached_media": json.dumps(objects)},
        "nested": {f"attached_media[{n}][media_fbid]": photo for n, photo in enumerate(photos)},
    }


@pytest.mark.parametrize("encoding", ["indexed", "one list", "nested"])
def test_a_post_takes_photos_in_their_order(graph, bakery, encoding):
    photos = [upload(graph, published="false").id for _ in range(3)]
    answer = graph.post("1001/feed", message="Three", **encodings(photos)[encoding])
    assert list(bakery.posts.get(graph_id=answer.id).pictures.values_list("graph_id", flat=True)) == photos


def test_a_post_takes_photos_from_a_json_body(client, graph, bakery):
    photo = upload(graph, published="false").id
    body = {"attached_media": [{"media_fbid": photo}], "access_token": "page-token"}
    client.post("/sandbox/v26.0/1001/feed", body, content_type="application/json")
    assert bakery.posts.get().pictures.get().graph_id == photo


def test_an_unknown_photo_is_refused_and_nothing_is_posted(graph, bakery):
    assert graph.post("1001/feed", message="Rolls", **attached("12")).code == (100, None)
    assert not bakery.posts.exists()


def test_a_photo_of_another_page_is_refused(graph, bakery):
    Page.objects.open("2002", "Other", token="other-token")
    source = SimpleUploadedFile("roll.jpg", jpeg(), "image/jpeg")
    foreign = graph.post("2002/photos", token="other-token", source=source, published="false").id
    assert graph.post("1001/feed", message="Rolls", **attached(foreign)).code == (100, None)


def test_a_photo_is_posted_once(graph, bakery):
    photo = upload(graph, published="false").id
    graph.post("1001/feed", message="First", **attached(photo))
    assert graph.post("1001/feed", message="Second", **attached(photo)).code == (100, 1366051)
    assert bakery.posts.count() == 1


def test_a_photo_can_be_read_and_deleted(graph, bakery):
    photo = upload(graph, published="false", alt_text_custom="A roll").id
    assert graph.get(photo, fields="alt_text").json == {"alt_text": "A roll", "id": photo}
    assert graph.delete(photo).json == {"success": True}
    assert graph.get(photo).code == (100, 33)


def test_the_photos_of_a_deleted_post_are_gone(graph, bakery):
    answer = upload(graph, caption="Rolls").json
    graph.delete(answer["post_id"])
    assert graph.get(answer["id"]).code == (100, 33)


def test_attachments_carry_the_alt_texts(graph, bakery):
    post = upload(graph, caption="Rolls", alt_text_custom="A roll").json["post_id"]
    data = graph.get(post, fields="attachments{media,description}").json["attachments"]["data"]
    assert data[0]["description"] == "A roll"


def test_photos_go_with_their_post_unless_a_knob_says_otherwise(graph, bakery):
    photo = upload(graph, published="false").id
    post = graph.post("1001/feed", **attached(photo)).id
    graph.delete(post)
    assert graph.get(photo).code == (100, 33)
    Knob.objects.turn(photos_stay=True)
    assert graph.get(photo).id == photo
    graph.delete(photo)
    assert graph.get(photo).code == (100, 33)
