from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from publishing.sandbox.models import Container, Knob, Profile, Token
from tests.sandbox.conftest import PROFILE, create, items, jpeg, publish

pytestmark = pytest.mark.usefixtures("bakery_photos")
LIMIT = f"{PROFILE}/content_publishing_limit"


def status(graph, container: str) -> str:
    return graph.get(container, fields="status_code").json["status_code"]


def test_a_page_names_its_instagram_account(graph):
    answer = graph.get("1001", fields="instagram_business_account{id,username}").json
    assert answer["instagram_business_account"] == {"id": PROFILE, "username": "rosas.bakery"}


def test_a_container_is_invisible_until_it_is_published(graph, rolls):
    container = create(graph, rolls, caption="Rolls").id
    assert graph.get(f"{PROFILE}/media").json["data"] == []
    media = publish(graph, container).id
    assert media != container
    assert graph.get(f"{PROFILE}/media").json["data"] == [{"id": media}]


def test_a_container_tells_that_it_is_published(graph, rolls):
    container = create(graph, rolls).id
    assert status(graph, container) == "FINISHED"
    publish(graph, container)
    assert status(graph, container) == "PUBLISHED"


def test_media_can_be_read_by_field(graph, rolls):
    media = publish(graph, create(graph, rolls, caption="Rolls #fresh", alt_text="A roll").id).id
    answer = graph.get(media, fields="permalink,caption,timestamp,media_type,alt_text").json
    assert answer["permalink"] == f"http://testserver/wall/instagram/{PROFILE}/#post-{media}"
    assert (answer["caption"], answer["media_type"], answer["alt_text"]) == ("Rolls #fresh", "IMAGE", "A roll")
    assert answer["timestamp"].endswith("+0000")


def test_media_are_listed_newest_first(graph, rolls):
    first, second = (publish(graph, create(graph, rolls).id).id for _ in range(2))
    assert [post["id"] for post in graph.get(f"{PROFILE}/media").json["data"]] == [second, first]


BAD_IMAGES = {
    "too large": (jpeg() + bytes(8 * 1024 * 1024), (36000, 2207004)),
    "no jpeg": (jpeg(kind="PNG"), (36001, 2207005)),
    "too wide": (jpeg(400, 200), (36003, 2207009)),
    "too high": (jpeg(300, 400), (36003, 2207009)),
    "no image": (b"<html>", (9004, 2207052)),
}


@pytest.mark.parametrize(("data", "code"), BAD_IMAGES.values(), ids=BAD_IMAGES)
def test_a_bad_image_is_refused(graph, pictures, data, code):
    assert create(graph, pictures.add(data)).code == code
    assert not Container.objects.exists()


@pytest.mark.parametrize(("width", "height"), [(400, 500), (1080, 566)])
def test_the_outermost_ratios_are_fine(graph, pictures, width, height):
    assert create(graph, pictures.add(jpeg(width, height))).status == 200


@pytest.mark.parametrize("address", ["{}/none.jpg", "file:///etc/passwd", "http://127.0.0.1:1/x.jpg", "{}/é.jpg"])
def test_an_address_that_cannot_be_fetched_is_refused(graph, pictures, address):
    assert create(graph, address.format(pictures.url)).code == (9004, 2207052)


def test_a_bad_image_may_surface_in_the_container(graph, pictures):
    Knob.objects.turn(PROFILE, late_image_errors=True)
    container = create(graph, pictures.add(jpeg(kind="PNG"))).id
    answer = graph.get(container, fields="status_code,status").json
    assert answer["status_code"] == "ERROR"
    assert answer["status"].startswith("Error: 2207005, ")


CAPTIONS = ["x" * 2201, " ".join(["#tag"] * 31), " ".join(["@rosa"] * 21)]


@pytest.mark.parametrize("caption", CAPTIONS, ids=["long", "hashtags", "mentions"])
def test_a_caption_beyond_the_limits_is_refused(graph, rolls, caption):
    assert create(graph, rolls, caption=caption).code == (36004, 2207010)


def test_too_long_an_alt_text_is_refused(graph, rolls):
    assert create(graph, rolls, alt_text="x" * 1001).code == (100, None)


def test_videos_are_not_offered(graph):
    assert create(graph, media_type="REELS", video_url="http://127.0.0.1/x.mp4").code == (100, 2207023)


def test_a_container_takes_as_many_polls_as_the_knob_says(graph, rolls):
    Knob.objects.turn(PROFILE, in_progress_polls=2)
    container = create(graph, rolls).id
    assert publish(graph, container).code == (9007, 2207027)
    assert [status(graph, container) for _ in range(3)] == ["IN_PROGRESS", "IN_PROGRESS", "FINISHED"]
    assert publish(graph, container).status == 200


def test_a_container_expires_after_a_day(graph, rolls):
    container = create(graph, rolls).id
    with freeze_time(timezone.now() + timedelta(hours=24)):
        assert status(graph, container) == "EXPIRED"
        assert publish(graph, container).code == (24, 2207008)


def test_an_unknown_container_is_missing(graph):
    assert graph.get("18000000000000000", fields="status_code").code == (100, 33)
    assert publish(graph, "18000000000000000").code == (24, 2207008)


SECOND_TIME = {"a": (9007, 2207027), "b": (24, 2207006)}


@pytest.mark.parametrize(("way", "code"), SECOND_TIME.items())
def test_publishing_a_container_twice_is_refused(graph, bakery_photos, rolls, way, code):
    Knob.objects.turn(PROFILE, publish_twice=way)
    container = create(graph, rolls).id
    publish(graph, container)
    assert publish(graph, container).code == code
    assert bakery_photos.posts.count() == 1


def test_in_the_worst_case_a_second_post_appears(graph, bakery_photos, rolls):
    Knob.objects.turn(PROFILE, publish_twice="c")
    container = create(graph, rolls).id
    assert publish(graph, container).id != publish(graph, container).id
    assert bakery_photos.posts.public().count() == 2


def test_a_carousel_keeps_the_order_and_the_alt_texts(graph, bakery_photos, rolls):
    carousel = create(graph, media_type="CAROUSEL", children=",".join(items(graph, rolls, 3)), caption="Three").id
    media = publish(graph, carousel).id
    answer = graph.get(media, fields="media_type,children{alt_text}").json
    assert answer["media_type"] == "CAROUSEL_ALBUM"
    assert [child["alt_text"] for child in answer["children"]["data"]] == ["Roll 0", "Roll 1", "Roll 2"]


@pytest.mark.parametrize("count", [1, 11])
def test_a_carousel_takes_two_to_ten_items(graph, rolls, count):
    children = ",".join(items(graph, rolls, count))
    assert create(graph, media_type="CAROUSEL", children=children).code == (100, 2207028)


def test_a_carousel_takes_only_items_that_exist(graph, rolls):
    single, item = create(graph, rolls).id, items(graph, rolls, 1)[0]
    assert create(graph, media_type="CAROUSEL", children=f"{item},{single}").code == (100, 2207028)
    assert create(graph, media_type="CAROUSEL", children=f"{item},18000000000000000").code == (24, 2207008)


def test_a_carousel_waits_for_its_items(graph, rolls):
    Knob.objects.turn(PROFILE, in_progress_polls=1)
    children = ",".join(items(graph, rolls, 2))
    assert create(graph, media_type="CAROUSEL", children=children).code == (9007, 2207027)


def test_an_item_cannot_be_published_by_itself(graph, rolls):
    assert publish(graph, items(graph, rolls, 1)[0]).code == (100, None)


def test_the_quota_counts_a_carousel_once_and_deleted_posts_too(graph, rolls):
    Knob.objects.turn(PROFILE, quota_total=1)
    graph.delete(publish(graph, create(graph, rolls).id).id)
    assert graph.get(LIMIT, fields="config,quota_usage").json == {
        "data": [{"quota_usage": 1, "config": {"quota_total": 1, "quota_duration": 86400}}]
    }
    assert publish(graph, create(graph, rolls).id).code == (9, 2207042)


def test_the_quota_is_free_again_after_a_day(graph, rolls):
    Knob.objects.turn(PROFILE, quota_total=1)
    publish(graph, create(graph, rolls).id)
    with freeze_time(timezone.now() + timedelta(hours=25)):
        assert graph.get(LIMIT).json == {"data": [{"quota_usage": 0}]}
        assert publish(graph, create(graph, rolls).id).status == 200


def test_containers_are_limited_too(graph, rolls):
    Knob.objects.turn(PROFILE, container_total=1)
    create(graph, rolls)
    assert create(graph, rolls).code == (9, 2207042)


def test_publishing_needs_its_permission(graph, rolls):
    Token.objects.update(scopes=["instagram_basic"])
    assert create(graph, rolls).code == (10, None)


def test_another_account_is_out_of_reach(graph, db):
    Profile.objects.open("17841400000000002", "Other", token="other-token")
    assert graph.get("17841400000000002", fields="username").code == (100, 33)
