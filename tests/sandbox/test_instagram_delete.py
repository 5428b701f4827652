import pytest

from publishing.sandbox.models import Knob, Token
from tests.sandbox.conftest import PROFILE, create, items, publish

pytestmark = pytest.mark.usefixtures("bakery_photos")


def test_deleting_says_what_was_deleted_and_then_it_is_gone(graph, rolls):
    media = publish(graph, create(graph, rolls).id).id
    assert graph.delete(media).json == {"success": True, "deleted_id": media}
    assert graph.get(media, fields="id").code == (100, 33)
    assert graph.delete(media).code == (100, 33)


def test_deleting_needs_a_permission_of_its_own(graph, bakery, rolls):
    media = publish(graph, create(graph, rolls).id).id
    Token.objects.update(scopes=["instagram_basic", "instagram_content_publish"])
    assert graph.delete(media).code == (10, None)


def test_deleting_may_need_a_persons_token(graph, bakery, rolls):
    Knob.objects.turn(PROFILE, delete_needs_user=True)
    Token.objects.grant(bakery, "person", kind="user")
    media = publish(graph, create(graph, rolls).id).id
    assert graph.delete(media).code == (10, None)
    assert graph.delete(media, token="person").status == 200


@pytest.mark.parametrize("subcode", [2207073, 2207085])
def test_deleting_may_be_refused(graph, rolls, subcode):
    Knob.objects.turn(PROFILE, delete_refused=subcode)
    media = publish(graph, create(graph, rolls).id).id
    assert (graph.delete(media).status, graph.delete(media).code) == (400, (-1, subcode))
    assert graph.get(media, fields="id").json == {"id": media}


def test_a_picture_of_a_carousel_cannot_be_deleted(graph, rolls):
    carousel = create(graph, media_type="CAROUSEL", children=",".join(items(graph, rolls, 2))).id
    media = publish(graph, carousel).id
    child = graph.get(media, fields="children").json["children"]["data"][0]["id"]
    assert graph.delete(child).code == (-1, 2207073)
