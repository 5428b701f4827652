"""What a page costs to fetch: itself, its stylesheet and its scripts, as they are sent. Its images come later."""

import gzip
import random
import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from sophia import spreadsheets
from sophia.compressing import may_shrink
from tests import make

MOST = 100 * 1024
PLENTY = 40
GZIP = b"\x1f\x8b"
LINKED = re.compile(r'<(?:script|link)[^>]* (?:src|href)="(/static/[^"]+\.(?:js|css))"')
WORDS = [f"{random.Random(seed).getrandbits(40):x}" for seed in range(2000)]
"""Like nothing else, so that they do not shrink much."""


@pytest.fixture
def plenty(page, instagram, author, operator):
    """Long texts that say something else each time, waiting and planned, on both accounts."""
    now = timezone.now()
    for number in range(PLENTY):
        account, pictures = (page, instagram)[number % 2], [(make.image("gold"), "A loaf")]
        details = {"text": " ".join(random.Random(number).sample(WORDS, 60)), "pictures": pictures}
        make.draft(account, author, suggested_at=now + timedelta(hours=number), **details)
        make.approved(make.draft(account, author, **details), operator, at=now + timedelta(hours=8 * number + 1))


def fetched(browser, address):
    """What comes over the line."""
    answer = browser.get(address, follow=True, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def weight(browser, address, parts):
    """`parts` keeps what stylesheets and scripts weigh, which all pages share."""
    came = fetched(browser, address)
    html = gzip.decompress(came) if came.startswith(GZIP) else came
    linked = set(LINKED.findall(html.decode()))
    parts.update({part: len(fetched(browser, part)) for part in linked - set(parts)})
    return len(came) + sum(parts[part] for part in linked)


def lists_of_the_admin():
    models = [model._meta for model in admin.site._registry if model.__module__.startswith(("approval", "publishing"))]
    return [reverse(f"admin:{model.app_label}_{model.model_name}_changelist") for model in models]


def test_every_page_is_light_however_much_is_on_it(desk, plenty, everywhere):
    parts = {}
    weights = {address: weight(desk, address, parts) for address in [*everywhere, *lists_of_the_admin()]}
    assert {address: bytes for address, bytes in weights.items() if bytes > MOST} == {}
    assert weights["/review/"] > 10_000


def test_a_page_is_compressed_for_whoever_can_read_that(desk, draft):
    plain = desk.get("/queue/")
    packed = desk.get("/queue/", headers={"Accept-Encoding": "gzip"})
    assert ("Content-Encoding" in plain, packed["Content-Encoding"]) == (False, "gzip")
    assert "Accept-Encoding" in plain["Vary"]
    assert len(packed.content) < len(plain.content) / 2


@pytest.mark.parametrize("address", ["/static/sophia/desk.css", "/static/sophia/live.js", "/static/sophia/icons.svg"])
def test_the_stylesheet_and_the_scripts_are_compressed(client, address):
    assert client.get(address, headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"


def test_a_list_as_csv_is_compressed_while_it_is_written(desk, draft):
    answer = desk.get(reverse("approval:export"), headers={"Accept-Encoding": "gzip"})
    assert (answer.streaming, answer["Content-Encoding"]) == (True, "gzip")


def test_a_page_that_opens_something_is_sent_as_it_is(client, desk, draft, operator):
    _, path = make.client_link(draft.account.client, operator)
    for answer in (client.get(path, headers={"Accept-Encoding": "gzip"}), made_link(desk, draft)):
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer


def made_link(desk, draft):
    typed = {"client": draft.account.client_id, "person": "Marta", "days": "30"}
    return desk.post(reverse("approval:make_link"), typed, headers={"Accept-Encoding": "gzip"})


def test_nothing_but_words_is_compressed(desk):
    image = desk.get(reverse("publishing:image", args=[make.image().sha256]), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in image
    assert may_shrink(spreadsheets.download("x", (), ()))
