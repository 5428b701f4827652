"""The door: bytes in, bytes out, in whatever form the temper likes."""

import json
import time
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.standin import faults, graph
from tests.standin.asking import Call
from tests.standin.control import Control
from tests.standin.refusals import Refusal
from tests.standin.world import World

MARK = b"\xef\xbb\xbf"
EXTRA = {"__debug__": {}, "__www_request__": None, "nested": {"id": 7, "data": {"x": [None, 1.5, "é"]}}}


class Standin(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int = 0, seed: int | None = None):
        super().__init__(("127.0.0.1", port), Handler)
        self.world, self.faults = World(seed), faults.Faults()
        self.control = Control(self.world, self.faults)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Standin
    skew = 0

    def take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(self.command, self.path, self.headers, body)
        self.skew = 0
        if call.path.startswith("_"):
            self.serve_control(call)
        else:
            self.serve_graph(call)

    do_GET = do_POST = do_DELETE = take  # noqa: N815

    def serve_control(self, call: Call) -> None:
        try:
            self.give(200, json.dumps(self.server.control.answer(call)).encode())
        except (ValueError, TypeError, KeyError) as error:
            self.give(400, json.dumps({"problem": str(error)}).encode())

    def serve_graph(self, call: Call) -> None:
        row = self.note(call)
        if self.suffers(call, row, "before"):
            return
        try:
            answer = graph.answer(self.server.world, call)
        except Refusal as refusal:
            self.refuse(call, row, refusal)
            return
        if self.suffers(call, row, "after"):
            self.server.world.answer_was_lost(answer)
        else:
            temper = self.temper_of(call)
            self.reply(call, row, 200, self.shaped(answer, temper), temper)

    def note(self, call: Call) -> dict[str, Any]:
        world, node = self.server.world, call.path.partition("/")[0]
        row = {
            "id": len(world.requests) + 1, "at": world.now().isoformat(), "method": call.method, "path": call.path,
            "account": node if node in world.accounts else node.partition("_")[0] if "_" in node else "",
            "params": call.harmless, "token_in": call.token_in, "status": None, "code": None, "subcode": None,
            "fault": "", "version": self.path.strip("/").partition("/")[0],
        }  # fmt: skip
        world.requests.append(row)
        return row

    def suffers(self, call: Call, row: dict[str, Any], when: str) -> bool:
        with self.server.world.lock:
            fault = self.server.faults.take(call.method, call.path, when)
        if fault is None:
            return False
        row["fault"] = fault.kind
        if fault.kind in faults.SILENT:
            faults.drop(fault, self.connection)
            self.close_connection = True
        elif fault.refusal:
            self.refuse(call, row, fault.refusal)
        elif fault.kind == "html_502":
            self.give(502, faults.PAGE, kind="text/html")
        else:
            self.give(200, faults.BODIES[fault.kind])
        return True

    def temper_of(self, call: Call) -> dict[str, Any]:
        return self.server.world.temper(call.account.id) if call.account else self.server.world.temper()

    def refuse(self, call: Call, row: dict[str, Any], refusal: Refusal) -> None:
        temper = self.temper_of(call)
        row["code"], row["subcode"] = refusal.code, refusal.subcode
        said = refusal.message.encode("ascii", "replace").decode()
        challenge = {"WWW-Authenticate": f'OAuth "Facebook Platform" "invalid_request" "{said}"'}
        self.reply(call, row, refusal.status(temper), refusal.as_json(temper), temper, challenge)

    def shaped(self, answer: Any, temper: dict[str, Any]) -> Any:
        """`success` has been seen as a word, a number, and alone."""
        if answer is True:
            return {"true": {"success": True}, "text": {"success": "true"}, "one": {"success": 1}}.get(
                temper["success"], True
            )
        if temper["numbers"]:
            answer = numbered(answer)
        return {**answer, **EXTRA} if temper["extra"] else answer

    def reply(
        self, call: Call, row: dict[str, Any], status: int, answer: Any, temper: dict[str, Any], more: Any = None
    ) -> None:
        row["status"], self.skew = status, temper["date_skew"]
        headers = {**graph.usage(self.server.world, call), "facebook-api-version": "v26.0", **(more or {})}
        body = json.dumps(answer, ensure_ascii=False).encode()
        self.close_connection = not temper["keep_alive"]
        self.give(status, MARK + body if temper["body"] == "mark" else body, temper["body"], headers)

    def give(
        self, status: int, body: bytes, way: str = "plain", headers: dict[str, str] | None = None, kind: str = ""
    ) -> None:
        self.send_response(status)
        frame = {"Transfer-Encoding": "chunked"} if way == "chunked" else {"Content-Length": str(len(body))}
        kind = kind or ("text/javascript; charset=UTF-8" if way == "mark" else "application/json")
        closing = {"Connection": "close"} if self.close_connection else {}
        for name, value in {"Content-Type": kind, **frame, **closing, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):  # The client was faster.
            self.write(body, way)

    def write(self, body: bytes, way: str) -> None:
        if way == "chunked":
            for part in (*pieces(body, len(body) // 2 + 1), b""):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        elif way == "trickled":
            for part in pieces(body, 20):
                self.wfile.write(part)
                time.sleep(0.002)
        else:
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        now: datetime = self.server.world.now() + timedelta(seconds=self.skew)
        return format_datetime(now, usegmt=True)

    def log_message(self, *args: Any) -> None:
        pass


def pieces(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


def numbered(answer: Any) -> Any:
    """Ids as JSON numbers."""
    if isinstance(answer, list):
        return [numbered(each) for each in answer]
    if isinstance(answer, dict):
        return {
            name: int(value) if name.endswith("id") and str(value).isdecimal() else numbered(value)
            for name, value in answer.items()
        }
    return answer
