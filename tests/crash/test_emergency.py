"""Fifty posts of a client are taken down over real HTTP by real workers, and the platform refuses two of them."""

import json
import re
import time

import pytest
import requests

from tests.crash.desk import SCOPES

pytestmark = pytest.mark.crash

POSTS = 50
CLIENT, ACCOUNT, TOKEN = "Fifty", "facebook:5001", "the-token-of-fifty"
LIVE = "SELECT graph_id FROM sandbox_post WHERE text LIKE 'Fifty %' AND deleted_at IS NULL AND published_at IS NOT NULL"
TOLD = "SELECT id FROM notifications_notice WHERE kind = 'recovery.failed' AND urgent"
ENDED = "SELECT finished_at FROM publishing_emergency WHERE finished_at IS NOT NULL"


@pytest.fixture
def fifty(desk):
    """The numbers of fifty publications that are out, by the id of their posts."""
    desk.open("facebook", "5001", TOKEN, SCOPES)
    desk.command("connect", "facebook", "--client", CLIENT, "--id", "5001", "--token-env", "FIFTY_TOKEN")
    lines = [json.dumps({"ref": f"f{n}", "account": ACCOUNT, "text": f"Fifty {n}"}) for n in range(POSTS)]
    file = desk.folder / "fifty.jsonl"
    file.write_text("\n".join(lines))
    drafts = desk.command("import_drafts", str(file), "--submit", "--by", "olga")["drafts"]
    desk.command("approve", *[str(draft["id"]) for draft in drafts], "--by", "olga", "--at", "now")
    desk.until(lambda: len(desk.rows(LIVE)) == POSTS, seconds=300)
    out = "SELECT post_id, id FROM publishing_publication WHERE text LIKE 'Fifty %' AND state = 'published'"
    desk.until(lambda: len(desk.rows(out)) == POSTS, seconds=120)
    return dict(desk.rows(out))


def test_fifty_come_down_and_the_two_that_fail_are_told_and_go_on(desk, fifty):
    refused = sorted(fifty)[:2]
    for post_id in refused:
        desk.fault(f"DELETE {post_id}", "error", "before", code=100, times=1000)
    browser = Browser(desk)
    page = browser.confirm(CLIENT)
    desk.until(lambda: sorted(row[0] for row in desk.rows(LIVE)) == refused, seconds=400)
    desk.until(lambda: len(desk.rows(TOLD)) == 2, seconds=400)
    desk.until(lambda: f"{POSTS - 2} of {POSTS} proved gone." in browser.get(page), seconds=400)
    assert not desk.rows(ENDED)
    desk.clear_faults()
    ends(desk)
    assert not desk.rows(LIVE)
    sentence = "SELECT sentence FROM notifications_notice WHERE kind = 'emergency.finished'"
    [(said,)] = desk.rows(sentence)
    assert f"{POSTS} of {POSTS} are proved gone." in said


def ends(desk, seconds=400):
    """Sweeps as the rhythm would, where a machine under load lost a moment."""
    patience = time.monotonic() + seconds
    while not desk.rows(ENDED):
        assert time.monotonic() < patience, desk.log.read_text()
        time.sleep(2)
        desk.shell("from publishing.tasks import sweep; sweep()")


class Browser:
    """An operator who is signed in, without JavaScript."""

    def __init__(self, desk):
        self.url = desk.url
        self.session = requests.Session()
        self.post("/login/", self.get("/login/"), username="olga", password="a-good-password")

    def get(self, path, **asked):
        answer = self.session.get(self.url + path, params=asked, timeout=60)
        assert answer.ok, answer.text
        return answer.text

    def post(self, path, page, **typed):
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        answer = self.session.post(self.url + path, hidden | typed, timeout=120)
        assert answer.ok, answer.text
        return answer.url.removeprefix(self.url)

    def confirm(self, client):
        """Looks, then takes everything of the last day down. Returns the address of the page that tells about it."""
        choose = re.search(rf'<option value="(\d+)"[^>]*>{client}<', self.get("/takedown/"))
        shown = self.get("/takedown/", client=choose[1], span="24")
        assert f"Take down {POSTS} posts" in shown
        return self.post("/takedown/start", shown, name=client, reason="Wrong prices", pause="on")
