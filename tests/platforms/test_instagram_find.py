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


def test_a_published_container_leads_to_its_post_by_caption_and_time(instagram, server, bread, since):
    posts = [post(9, "09:02:00", "Rolls"), post(8, "09:00:05"), post(7, "08:59:00"), post(6, "08:00:00")]
    server.answers(container("PUBLISHED"), says(data=posts))
    finding = instagram.find(bread, REFERENCE, since, frozenset({"m7"}))
    assert finding == Finding(Fate.LIVE, Receipt("m8", "https://i/8"))
    assert server.requests[1].params["fields"] == "id,caption,permalink,timestamp"


def test_a_published_container_is_live_even_while_no_list_shows_it(instagram, server, bread, since):
    server.answers(container("PUBLISHED"), says(data=[]))
    assert instagram.find(bread, REFERENCE, since, NONE_TAKEN) == Finding(Fate.LIVE, None)


def test_a_post_without_words_is_found_by_time(instagram, server, since, picture):
    silent = post(8, "09:00:05")
    del silent["caption"]
    server.answers(container("PUBLISHED"), says(data=[silent]))
    finding = instagram.find(Content("", images=(picture,)), REFERENCE, since, NONE_TAKEN)
    assert finding.receipt == Receipt("m8", "https://i/8")


@pytest.mark.parametrize(
    ("listed", "finding"),
    [([], Finding(Fate.UNSURE)), ([post(8, "09:00:05")], Finding(Fate.LIVE, Receipt("m8", "https://i/8")))],
)
def test_without_its_container_only_the_list_can_prove_a_post(instagram, server, bread, since, listed, finding):
    server.answers(GONE, ACCOUNT, says(data=listed))
    assert instagram.find(bread, REFERENCE, since, NONE_TAKEN) == finding


def test_without_container_and_words_nothing_is_proved(instagram, server, since, picture):
    server.answers(GONE, ACCOUNT)
    assert instagram.find(Content("", images=(picture,)), REFERENCE, since, NONE_TAKEN) == Finding(Fate.UNSURE)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [([GONE, GONE], Kind.AUTH), ([RESET], Kind.RETRY), ([says(id="c1")], Kind.RETRY), ([refuses(190)], Kind.AUTH)],
)
def test_a_failing_read_says_nothing_about_the_fate(instagram, server, bread, since, answers, kind):
    server.answers(*answers)
    with pytest.raises(PlatformError) as caught:
        instagram.find(bread, REFERENCE, since, NONE_TAKEN)
    assert caught.value.kind is kind
