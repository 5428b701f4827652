"""A server that gives the answers a test wrote down, in that order, and remembers what it was asked."""

import json
import socket
import struct
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

TOKEN = "EAAtheSecretTokenOfThisAccount"
RESET = "reset"
HANG = "hang"


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    pause: float = 0
    """Seconds between two bytes of the body."""


@dataclass
class Request:
    method: str
    path: str
    params: dict
    headers: dict
    body: bytes

    @property
    def form(self):
        if self.headers.get("Content-Type", "").startswith("multipart/"):
            return {name: part.get_payload(decode=True) for name, part in self.parts.items()}
        return dict(parse_qsl(self.body.decode()))

    @property
    def parts(self):
        message = message_from_bytes(f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode() + self.body)
        return {part.get_param("name", header="content-disposition"): part for part in message.get_payload()}


def says(http=200, /, *, headers=None, **body):
    return Answer(http, json.dumps(body).encode(), headers or {})


def refuses(code, subcode=None, status=400, *, headers=None, **more):
    error = {"message": "No.", "type": "OAuthException", "code": code, "fbtrace_id": "Atrace", **more}
    return says(status, headers=headers, error=error if subcode is None else {**error, "error_subcode": subcode})


def raw(body, status=200):
    return Answer(status, body)


GONE = refuses(100, 33)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.scripted.requests.append(self.read())
        if not self.scripted.script:
            self.scripted.surprises.append(f"{self.command} {self.path}")
        answer = self.scripted.script.popleft() if self.scripted.script else Answer(500, b"not in the script")
        self.close_connection = True
        if answer is HANG:
            self.scripted.over.wait(10)
        elif answer is RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.shutdown(socket.SHUT_RD)
        else:
            self.give(answer)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def read(self):
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return Request(self.command, address.path, dict(parse_qsl(address.query)), dict(self.headers), body)

    def give(self, answer):
        self.send_response_only(answer.status)
        if "Date" not in answer.headers:
            self.send_header("Date", self.date_time_string())
        for name, value in {"Content-Length": str(len(answer.body)), "Connection": "close", **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.pause:
            self.trickle(answer)
        else:
            with suppress(ConnectionError):  # Too long for whoever asked.
                self.wfile.write(answer.body)

    def trickle(self, answer):
        with suppress(ConnectionError):
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                if self.scripted.over.wait(answer.pause):
                    return

    def log_message(self, *args):
        pass


class Scripted:
    def __init__(self):
        self.requests, self.script, self.surprises = [], deque(), []
        self.over = threading.Event()
        handler = type("Bound", (Handler,), {"scripted": self})
        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.httpd.server_port}"
        self.thread = threading.Thread(target=self.httpd.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def answers(self, *answers):
        self.script.extend(answers)
        return self

    @property
    def asked(self):
        return [f"{request.method} {request.path}" for request in self.requests]

    def close(self):
        self.over.set()
        self.httpd.shutdown()
        self.thread.join()
        self.httpd.server_close()
