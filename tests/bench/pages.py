"""What each page costs the server, and the line, on a desk with many drafts."""

import json
from typing import Any

from tests.bench.desk import Desk

NOBODY = "http://127.0.0.1:9/never"


def measure(server: str, drafts: int, in_review: int, times: int) -> dict[str, Any]:
    """The dearest first. The desk's platforms are in its memory."""
    weighed = f"weighing.weigh({drafts}, {in_review}, {times})"
    code = f"import json; from tests.bench import weighing; print(json.dumps({weighed}))"
    with Desk(server, NOBODY) as desk:
        pages = json.loads(desk.manage("shell", "-v0", "-c", code).splitlines()[-1])
    dearest = dict(sorted(pages.items(), key=lambda page: -page[1]["cpu"]))
    return {"drafts": drafts, "in_review": in_review, "times": times, "pages": dearest}
