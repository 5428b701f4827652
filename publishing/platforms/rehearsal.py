"""What publishing asks of the Graph API, shown without asking: the platform's own code, with nobody at the other end.

Everything goes well in a rehearsal: what is made has an id, is processed at once, and is public after its last step.
"""

from typing import Any

from publishing.platforms.answers import Answer
from publishing.platforms.base import Sent
from publishing.platforms.graph import Graph


class Rehearsal(Graph):
    def __init__(self, name: str, *, base_url: str, version: str):
        super().__init__(name, "", base_url=base_url, version=version, calls=[])
        self.sent: list[Sent] = []
        self.public = False

    def call(
        self, verb: str, method: str, path: str, *, irreversible: bool = False, needs: str = "id", **content: Any
    ) -> Answer:
        fields = {**(content.get("params") or {}), **(content.get("data") or {})}
        files = {name: f"the file {sha256}, {mime}" for name, (sha256, _, mime) in (content.get("files") or {}).items()}
        self.sent.append(Sent(verb, method, f"{self.root}/{path}", {**fields, **files}, irreversible))
        self.public = self.public or irreversible
        made = f"<id of call {len(self.sent)}>" if method == "POST" else path.rpartition("/")[2]
        return {"id": made, "success": True, "is_published": self.public, "status_code": "FINISHED", "data": []}
