"""Local stand-ins for the services that notices go to. Each keeps what it got."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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
