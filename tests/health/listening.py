"""A little web server that remembers what it was asked, and says what it was told to say."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, status, said):
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard, self.hosts, self.hangs = [], [], False
        self.says(status, said)
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self):
        return [path for _, path, _ in self.heard]

    def says(self, status, said, **headers):
        self.answer = status, said if isinstance(said, str) else json.dumps(said), headers

    def until(self, happened):
        end = time.monotonic() + 20
        while not happened():
            assert time.monotonic() < end, self.heard
            time.sleep(0.01)

    def close(self):
        self.hangs = False
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.heard.append((self.command, self.path, body))
        self.server.hosts.append(self.headers["Host"])
        while self.server.hangs:
            time.sleep(0.01)
        status, said, headers = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.encode())

    def do_POST(self):
        self.do_GET()

    def log_message(self, *_):
        """Nothing."""
