"""Several clients, two server processes, one database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.sandbox.conftest import PROFILE, jpeg


def at_once(count, call):
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _: call(), range(count)))


def test_one_container_is_published_once(served, pictures):
    body = {"image_url": pictures.add(jpeg()), "caption": "once"}
    container = served.graph("POST", f"{PROFILE}/media", data=body).json()["id"]
    publish = {"creation_id": container}
    answers = at_once(8, lambda: served.graph("POST", f"{PROFILE}/media_publish", data=publish).status_code)
    assert Counter(answers) == {200: 1, 400: 7}
    listed = served.graph("GET", f"{PROFILE}/media", params={"fields": "caption"}).json()["data"]
    assert [post["caption"] for post in listed].count("once") == 1


def test_every_post_gets_an_id_of_its_own(served):
    answers = at_once(12, lambda: served.graph("POST", "1001/feed", data={"message": "many"}).json()["id"])
    assert len(set(answers)) == 12


def test_the_quota_holds(served, pictures):
    address = pictures.add(jpeg())
    used = served.graph("GET", f"{PROFILE}/content_publishing_limit").json()["data"][0]["quota_usage"]
    served.control("POST", "knobs", {"account": PROFILE, "quota_total": used + 2})
    containers = [served.graph("POST", f"{PROFILE}/media", data={"image_url": address}).json()["id"] for _ in range(5)]
    answers = at_once(
        5, lambda: served.graph("POST", f"{PROFILE}/media_publish", data={"creation_id": containers.pop()}).status_code
    )
    assert Counter(answers) == {200: 2, 400: 3}


def test_a_fault_acts_its_number_of_times(served):
    served.control("POST", "faults", {"on": "POST */feed", "kind": "status_500", "times": 3})
    answers = at_once(10, lambda: served.graph("POST", "1001/feed", data={"message": "x"}).status_code)
    assert Counter(answers) == {500: 3, 200: 7}


def test_a_second_delete_finds_nothing(served):
    post = served.graph("POST", "1001/feed", data={"message": "gone"}).json()["id"]
    answers = at_once(6, lambda: served.graph("DELETE", post).status_code)
    assert Counter(answers) == {200: 1, 400: 5}
