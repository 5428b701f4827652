"""A whole Sophia in processes of its own, used as a script would: by command, and by looking at the wall."""

import json
import os
import signal
import time

import requests

from tests import make
from tests.serve.served import Served

SHORT = {
    "DJANGO_SETTINGS_MODULE": "sophia.settings",
    "SOPHIA_SANDBOX": "1",
    "SOPHIA_LEASE": "3s",
    "SOPHIA_RETRY_BACKOFF": "1s,1s,1s",
    "SOPHIA_RECONCILE_AFTER": "1s,2s,4s,8s",
    "SOPHIA_FACEBOOK_CALLS_PER_HOUR": "100000",
    "SOPHIA_REMOVE_AGAIN": "1s,1s,2s,4s",
    "SOPHIA_REMOVE_SLOWLY": "4s",
    "SOPHIA_LOOK_AFTER": "1s,2s,4s",
}
PAGE, PROFILE = "facebook:1001", "instagram:17841400000000001"
SCOPES = ["pages_manage_posts", "pages_read_engagement", "pages_show_list"]
INSTAGRAM_SCOPES = ["instagram_basic", "instagram_content_publish", "instagram_manage_contents"]


class Desk(Served):
    def __init__(self, environment, folder):
        super().__init__(environment, folder / "serve.log")
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment | SHORT | {
            "SOPHIA_GRAPH_URL": f"{self.url}/sandbox",
            "SOPHIA_PUBLIC_URL": self.url,
            "SOPHIA_MEDIA": str(folder / "media"),
            "PAGE_TOKEN": "the-token-of-the-page",
            "PROFILE_TOKEN": "the-token-of-the-profile",
            "FIFTY_TOKEN": "the-token-of-fifty",
        }  # fmt: skip

    def start(self):
        super().start()
        self.until(self.answers)
        self.shell("from tests import make; make.person('olga', 'operator')")
        self.open("facebook", "1001", "the-token-of-the-page", SCOPES)
        self.open("instagram", "17841400000000001", "the-token-of-the-profile", SCOPES + INSTAGRAM_SCOPES)
        for label, token in ((PAGE, "PAGE_TOKEN"), (PROFILE, "PROFILE_TOKEN")):
            platform, external_id = label.split(":")
            self.command("connect", platform, "--client", "Lua", "--id", external_id, "--token-env", token)
        # Its posts share their images, and nobody is asked why.
        self.shell(
            "from datetime import timedelta; from publishing.models import Client; "
            "Client.objects.update(twin_window=timedelta())"
        )
        return self

    def open(self, platform, external_id, token, scopes, **rights):
        body = {"platform": platform, "id": external_id, "name": "Lua", "token": token, "scopes": scopes, **rights}
        requests.post(f"{self.url}/sandbox/_accounts", json=body, timeout=5).raise_for_status()
        self.shell(
            "from django.utils import timezone; from publishing.sandbox.models import Account, Post; "
            f"wall = Account.objects.get(external_id='{external_id}'); "
            f"Post.objects.get_or_create(graph_id='{external_id}_900', account=wall, "
            "defaults={'text': 'It stays up', 'published_at': timezone.now()})"
        )

    def fault(self, on, kind, when="after", **details):
        body = {"on": on, "kind": kind, "when": when, **details}
        answer = requests.post(f"{self.url}/sandbox/_faults", json=body, timeout=5)
        assert answer.ok, answer.text

    def command(self, *arguments, code=0):
        """A command with `--json`: its document, after checking the exit code and that stdout holds nothing else."""
        answer = self.run(*arguments, "--json")
        assert answer.returncode == code, answer.stderr
        return json.loads(answer.stdout)

    def approve(self, account, text, images=0):
        """Import one draft and approve it for now. Returns the id of its publication."""
        names = [self.image(number) for number in range(images)]
        line = {"ref": text, "account": account, "text": text, "images": names}
        file = self.folder / "drafts.jsonl"
        file.write_text(json.dumps(line))
        imported = self.command("import_drafts", str(file), "--submit", "--by", "olga")
        draft = imported["drafts"][0]["id"]
        return self.command("approve", str(draft), "--by", "olga", "--at", "now")[0]["publication"]

    def image(self, number):
        path = self.folder / f"{number}.jpg"
        path.write_bytes(make.jpeg(color=("teal", "navy", "olive")[number]))
        return path.name

    def state(self, pk):
        return self.rows("SELECT state FROM publishing_publication WHERE id = ?", pk)[0][0]

    def settles(self, pk, seconds=150):
        """Waits for an end, sweeping as the rhythm would where a lease may have run out. Returns its row of `queue`."""
        patience = time.monotonic() + seconds
        sweep_at = time.monotonic() + 3.5
        while self.state(pk) not in {"published", "failed", "missed"}:
            assert time.monotonic() < patience, f"{self.state(pk)}\n{self.log.read_text()}"
            if time.monotonic() > sweep_at:
                self.shell("from publishing.tasks import sweep; sweep()")
            time.sleep(0.05)
        return next(row for row in self.command("queue") if row["id"] == pk)

    def take_down(self, pk):
        """By a worker, as from a page."""
        self.shell(
            "from django.contrib.auth.models import User; from publishing.models import Publication; "
            f"Publication.objects.get(pk={pk}).recover(by=User.objects.get(), reason='Wrong price')"
        )

    def recovery(self, pk):
        return self.rows("SELECT state FROM publishing_recovery WHERE publication_id = ? ORDER BY id DESC", pk)[0][0]

    def remove_by_hand(self, account, post_id):
        """On the public wall, as the owner would in the app."""
        platform, external_id = account.split(":")
        with requests.Session() as session:
            wall = f"{self.url}/wall/{platform}/{external_id}/"
            session.get(wall, timeout=5).raise_for_status()
            form = {"post": post_id, "csrfmiddlewaretoken": session.cookies.get("csrftoken", "")}
            session.post(f"{wall}remove/", form, headers={"Referer": wall}, timeout=5).raise_for_status()

    def public(self, text):
        """How often the public sees this text, on every account together."""
        live = "SELECT count(*) FROM sandbox_post WHERE text = ? AND deleted_at IS NULL AND published_at IS NOT NULL"
        return self.rows(live, text)[0][0]

    def clear_faults(self):
        requests.delete(f"{self.url}/sandbox/_faults", timeout=5)
        requests.delete(f"{self.url}/sandbox/_knobs", timeout=5)

    def turn(self, **knobs):
        requests.post(f"{self.url}/sandbox/_knobs", json=knobs, timeout=5).raise_for_status()

    def kill_workers(self):
        """kill -9 to every process of the cluster at once."""
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)
