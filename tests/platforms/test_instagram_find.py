import pytest

from publishing.platforms.base import Content, Fate, Finding, Kind, PlatformError, Receipt
from tests.platforms.scripted import GONE, RESET, refuses, says

REFERENCE = {"way": "two_step", "container": "c1", "children": []}
ACCOUNT = says(id="17840")
NONE_TAKEN = frozenset()


def container(code):
    return says(id="c1", status_code=code, status=f"{code}: details")


def post(number, time, caption="Bread"):
    return {
        "id": f"m{number}",
        "caption": caption,
        "permalink": f"https://i/{number}",
        "timestamp": f"2026-11-23T{time}+0000",
    }


@pytest.fixture
def bread(picture):
    return Content("Bread", images=(picture,))


@pytest.mark.parametrize(
    ("state", "fate"),
    [("FINISHED", Fate.NOT_LIVE), ("IN_PROGRESS", Fate.NOT_LIVE), ("ERROR", Fate.ABSENT), ("EXPIRED", Fate.ABSENT)],
)
def test_the_container_tells_what_is_not_public(instagram, server, bread, since, state, fate):
    server.answers(container(state))
    assert instagram.find(bread, REFERENCE, since, NONE_TAKEN) == Finding(fate)


def test_a_published_container_is_live_and_which_post_it_is_a_person_says(instagram, server, bread, since):
    posts = [post(9, "09:02:00", "Rolls"), post(8, "09:00:05"), post(7, "09:00:01"), post(6, "08:59:59")]
    server.answers(container("PUBLISHED"), says(data=posts))
    finding = instagram.find(bread, REFERENCE, since, frozenset({"m7"}))
    assert (finding.fate, finding.receipt) == (Fate.LIVE, None)
    assert [each.receipt for each in finding.candidates] == [Receipt("m8", "https://i/8")]


def test_a_published_container_is_live_even_while_no_list_can_be_read(instagram, server, bread, since):
    server.answers(container("PUBLISHED"), refuses(4))
    assert instagram.find(bread, REFERENCE, since, NONE_TAKEN) == Finding(Fate.LIVE)


def test_a_published_container_is_live_even_while_no_list_shows_it(instagram, server, bread, since):
    server.answers(container("PUBLISHED"), says(data=[]))
    assert instagram.find(bread, REFERENCE, since, NONE_TAKEN) == Finding(Fate.LIVE, None)


def test_a_post_without_words_is_a_weak_candidate_where_its_images_are_as_many(instagram, server, since, picture):
    one, untold = {**post(8, "09:00:05", ""), "media_type": "IMAGE"}, post(7, "09:00:05", "")
    two = {**post(9, "09:00:05", ""), "media_type": "CAROUSEL_ALBUM", "children": {"data": [{"id": "1"}, {"id": "2"}]}}
    server.answers(container("PUBLISHED"), says(data=[two, one, untold]))
    [candidate] = instagram.find(Content("", images=(picture,)), REFERENCE, since, NONE_TAKEN).candidates
    assert (candidate.receipt.post_id, candidate.images, candidate.weak) == ("m8", 1, True)


@pytest.mark.parametrize(("listed", "found"), [([], []), ([post(8, "09:00:05")], ["m8"])])
def test_without_its_container_nothing_proves_a_post(instagram, server, bread, since, listed, found):
    server.answers(GONE, ACCOUNT, says(data=listed))
    finding = instagram.find(bread, REFERENCE, since, NONE_TAKEN)
    assert (finding.fate, finding.receipt) == (Fate.UNSURE, None)
    assert [candidate.receipt.post_id for candidate in finding.candidates] == found


@pytest.mark.parametrize(
    ("answers", "kind"),
    [([GONE, GONE], Kind.AUTH), ([RESET], Kind.RETRY), ([says(id="c1")], Kind.RETRY), ([refuses(190)], Kind.AUTH)],
)
def test_a_failing_read_says_nothing_about_the_fate(instagram, server, bread, since, answers, kind):
    server.answers(*answers)
    with pytest.raises(PlatformError) as caught:
        instagram.find(bread, REFERENCE, since, NONE_TAKEN)
    assert caught.value.kind is kind
