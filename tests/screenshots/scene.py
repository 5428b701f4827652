"""The demo, served, an hour into a day: some posts are out, and one was taken down and is proved gone."""

import json
import os
from pathlib import Path
from typing import Any

from tests.serve.served import Served, run

MORE = 3
"""Posts on the wall that is shown."""


class Scene(Served):
    def __init__(self, folder: Path):
        super().__init__({}, folder / "serve.log")
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder / 'desk.sqlite3'}",
            "SOPHIA_MEDIA": str(folder / "media"),
            "DEBUG": "1",
            "SOPHIA_SANDBOX": "1",
            "SOPHIA_GRAPH_URL": f"{self.url}/sandbox",
            "SOPHIA_PUBLIC_URL": self.url,
        }

    def set(self) -> None:
        self.manage("migrate", "-v0")
        self.manage("demo")
        account = self.account()
        self.wall = f"/wall/{account.replace(':', '/')}/"
        drafts = [row for row in self.json("drafts") if row["account"] == account and row["state"] == "in_review"]
        for draft in drafts[:MORE]:
            self.manage("approve", str(draft["id"]), "--by", "olga", "--at", "now")
        self.start()
        self.until(self.everything_due_is_out)
        taken = next(
            row["id"] for row in self.json("queue") if row["state"] == "published" and row["account"] != account
        )
        self.manage("recover", str(taken), "--by", "olga", "--reason", "Marjorie has been sold")
        self.taken_down = f"/queue/{taken}/"

    def account(self) -> str:
        """Whose wall is shown."""
        return ":".join(self.rows("SELECT platform, external_id FROM publishing_socialaccount ORDER BY id LIMIT 1")[0])

    def manage(self, *command: str) -> str:
        answer = run(self.environment, *command)
        assert answer.returncode == 0, answer.stderr
        return str(answer.stdout)

    def json(self, *command: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.manage(*command, "--json"))
        return rows

    def everything_due_is_out(self) -> bool:
        due = "SELECT count(*) FROM publishing_publication WHERE published_at IS NULL AND publish_at <= datetime('now')"
        return bool(self.rows(due) == [(0,)])
