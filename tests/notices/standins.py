"""Local stand-ins for the services that notices go to. Each keeps what it got."""

import json
import socket
import threading
from contextlib import suppress
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

from aiosmtpd.controller import Controller

from tests.serve.served import free_port


class WebHook:
    """Answers `status` and `answer` to every POST. `refuse` and `accept` change what it answers from now on."""

    def __init__(self, answer=b"ok"):
        self.got = []
        self.status, self.answer, self.headers = 200, answer, {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.got.append((self.path, dict(self.headers), json.loads(body)))
                outer.took(outer.got[-1])
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(outer.answer)))
                self.end_headers()
                self.wfile.write(outer.answer)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.base = f"http://{self.host}"
        self.url = f"json://{self.host}/secret-path"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def took(self, request):
        """Nothing more happens."""

    def refuse(self, status=500, answer=b"no"):
        self.status, self.answer = status, answer

    def accept(self):
        self.status, self.answer = 200, b"ok"

    @property
    def payloads(self):
        return [payload for _, _, payload in self.got]

    @property
    def messages(self):
        return [payload["message"] for payload in self.payloads]


class Mailbox:
    """An SMTP server that keeps each message. `refuse` makes it answer 550 to every receiver."""

    def __init__(self):
        self.got, self.refusal = [], ""
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.got.append((envelope, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"

    def __enter__(self):
        self.controller.start()
        self.host = f"127.0.0.1:{self.controller.port}"
        self.url = f"mailto://{self.host}?from=sophia@example.com&to=team@example.com"
        return self

    def __exit__(self, *_):
        self.controller.stop()

    def refuse(self):
        self.refusal = "550 No such user"


class Silence:
    """Accepts connections and never answers. `left_at` tells when each caller had enough, on the steady clock."""

    def __init__(self):
        self.left_at = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.url = f"json://{self.host}/"

    def listen(self):
        with suppress(OSError):
            while True:
                caller, _ = self.socket.accept()
                threading.Thread(target=self.outlast, args=[caller], daemon=True).start()

    def outlast(self, caller):
        with caller, suppress(OSError):
            while caller.recv(65536):
                pass
        self.left_at.append(monotonic())

    def __enter__(self):
        threading.Thread(target=self.listen, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
