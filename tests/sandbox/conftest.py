"""A Page and its Instagram account in the sandbox, and two ways to talk to them: in-process and over real HTTP."""

import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
import requests
from django.test import Client
from PIL import Image

from publishing.sandbox.models import Page, Profile

PAGE, PROFILE = "1001", "17841400000000001"
TOKEN = "page-token"


class Answer(NamedTuple):
    status: int
    json: dict[str, Any]
    headers: Any

    @property
    def id(self) -> str:
        return self.json["id"]

    @property
    def code(self) -> tuple[int, int | None]:
        error = self.json["error"]
        return error["code"], error.get("error_subcode")


class Graph:
    """Calls the sandbox in this process. The token goes into the header."""

    def get(self, path: str, token: str = TOKEN, **params: Any) -> Answer:
        return self.send("get", path, token, params)

    def post(self, path: str, token: str = TOKEN, **params: Any) -> Answer:
        return self.send("post", path, token, params)

    def delete(self, path: str, token: str = TOKEN) -> Answer:
        return self.send("delete", path, token, {})

    def send(self, method: str, path: str, token: str, params: dict[str, Any]) -> Answer:
        response = getattr(Client(), method)(
            f"/sandbox/v26.0/{path}", params, headers={"Authorization": f"Bearer {token}"}
        )
        return Answer(response.status_code, response.json() if response.content else {}, response.headers)


@pytest.fixture
def graph(db) -> Graph:
    return Graph()


@pytest.fixture
def bakery(db) -> Page:
    return Page.objects.open(PAGE, "Rosa’s Bakery", token=TOKEN)


@pytest.fixture
def bakery_photos(bakery) -> Profile:
    return Profile.objects.open(PROFILE, "Rosa’s Bakery", page=bakery, username="rosas.bakery")


def jpeg(width: int = 400, height: int = 400, kind: str = "JPEG", colour: str = "#a34a28") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


class Pictures:
    """A web server for images."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        files = self.files

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                data = files.get(self.path)
                self.send_response(200 if data is not None else 404)
                self.end_headers()
                self.wfile.write(data or b"")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True)
        self.thread.start()

    def add(self, data: bytes, name: str = "picture.jpg") -> str:
        self.files[f"/{name}"] = data
        return f"{self.url}/{name}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def pictures() -> Iterator[Pictures]:
    server = Pictures()
    yield server
    server.close()


class Served:
    """The sandbox alone, in two processes of uvicorn."""

    def __init__(self, scratch: str):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        environment = os.environ | {"SANDBOX_SCRATCH": scratch, "DJANGO_SETTINGS_MODULE": "tests.sandbox.alone"}
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True)
        command = [sys.executable, "-m", "uvicorn", "tests.sandbox.served:application", "--port", str(port)]
        with open(f"{scratch}/log", "wb") as log:
            self.process = subprocess.Popen([*command, "--workers", "2"], env=environment, stdout=log, stderr=log)
        self.url = f"http://127.0.0.1:{port}"
        self.wait()

    def wait(self) -> None:
        for _ in range(200):
            try:
                requests.get(f"{self.url}/wall/", timeout=30)
                return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise AssertionError("The sandbox does not start.")

    def graph(self, method: str, path: str, **content: Any) -> requests.Response:
        headers, content = {"Authorization": f"Bearer {TOKEN}"}, {"timeout": 5, **content}
        return requests.request(method, f"{self.url}/sandbox/v26.0/{path}", headers=headers, **content)

    def control(self, verb: str, name: str, body: dict[str, Any] | None = None, **params: str) -> dict[str, Any]:
        response = requests.request(verb, f"{self.url}/sandbox/_{name}", json=body, params=params, timeout=30)
        assert response.status_code == 200, response.text
        return response.json()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Served]:
    served = Served(str(tmp_path_factory.mktemp("sandbox")))
    yield served
    served.stop()


@pytest.fixture
def served(server) -> Served:
    """With the same two accounts, no faults, no knobs turned and an empty log."""
    server.control("POST", "accounts", {"platform": "facebook", "id": PAGE, "name": "Rosa’s Bakery", "token": TOKEN})
    server.control("POST", "accounts", {"platform": "instagram", "id": PROFILE, "name": "Rosa", "page": PAGE})
    for name in ("faults", "knobs", "requests"):
        server.control("DELETE", name)
    return server


def attached(*photos: str) -> dict[str, str]:
    return {f"attached_media[{place}]": json.dumps({"media_fbid": photo}) for place, photo in enumerate(photos)}


@pytest.fixture
def rolls(pictures) -> str:
    return pictures.add(jpeg())


def create(graph, image_url: str = "", **params):
    return graph.post(f"{PROFILE}/media", image_url=image_url, **params)


def publish(graph, container: str, **params):
    return graph.post(f"{PROFILE}/media_publish", creation_id=container, **params)


def items(graph, address: str, count: int) -> list[str]:
    return [create(graph, address, is_carousel_item="true", alt_text=f"Roll {n}").id for n in range(count)]
