"""Every shell block of the documents is run in a demo that was just started, or says here why it cannot be."""

import html
import re

import pytest

from publishing.management.commands.recover import BY_HAND
from tests import make
from tests.documents.blocks import DOCUMENTS, LANGUAGES, blocks, prose

NOT_HERE = {
    (
        "README.md",
        "make demo    # sets",
    ): "installs packages; tests/demo seeds it, and tests/documents/desk.py starts it",
    ("docs/api.md", "curl -N -H"): "ends after ten minutes; tests/api/test_stream.py reads it",
    ("docs/connecting.md", "export PAGE_TOKEN=…"): "needs tokens of Meta; tests/commands/test_connect.py connects",
    ("docs/mcp.md", "python3 -m venv"): "installs other people's servers from a registry",
    ("docs/operating.md", "apt-get install"): "needs root, apt and PostgreSQL of a fresh machine",
    ("docs/operating.md", "manage.py createsuperuser"): "asks for a password; tests/demo/test_leaving.py leaves a demo",
}

HOME = (
    "from django.contrib.auth.models import User; from django.test import Client; c = Client(); "
    "c.force_login(User.objects.get(username='olga')); page = c.get('/', headers={'host': '127.0.0.1'}); "
    "print(page.content.decode())"
)


def can_be_run(document):
    return [block for block in blocks(document, "sh") if not any(is_meant(block, *key) for key in NOT_HERE)]


def is_meant(block, name, begins):
    return block.document == name and block.begins.startswith(begins)


def here(text, desk):
    """In the places of this test."""
    return text.replace("/srv/backup", str(desk.folder / "srv")).replace(
        "https://desk.example.com", f"http://127.0.0.1:{desk.port}"
    )


@pytest.fixture
def files(demo):
    """What a reader has: a photo, and the drafts that the README shows a line of."""
    (demo.folder / "loaf.jpg").write_bytes(make.jpeg())
    (line,) = blocks("README.md", "json")
    (demo.folder / "drafts.jsonl").write_text(line.text)
    (demo.folder / "srv").mkdir(exist_ok=True)


@pytest.mark.parametrize("document", [each for each in DOCUMENTS if can_be_run(each)])
def test_every_shell_block_does_what_it_says(document, demo, files):
    """In one shell, as a reader goes on where they are."""
    script = "".join(f"echo 'at {block.where}' >&2\n{here(block.text, demo)}\n" for block in can_be_run(document))
    done = demo.run_shell(script)
    assert done.returncode == 0, f"{done.stderr}\n{done.stdout}"
    assert "Traceback" not in done.stderr


def test_what_the_first_page_says_to_try_can_be_tried(demo, files):
    """With the numbers that stand on the page. What it takes down may be on an account that lets nobody delete."""
    page = demo.shell(HOME).partition("<summary>The same by command</summary>")[2]
    lines = html.unescape(re.search(r"<pre><code>(.+?)</code>", page, re.DOTALL)[1]).splitlines()
    assert {line.split()[1] for line in lines} == {"drafts", "approve", "queue", "recover", "pause", "resume"}
    for line in lines:
        done = demo.run_shell(line)
        assert done.returncode in ({0, BY_HAND} if " recover " in line else {0}), done.stderr


def test_what_cannot_be_run_is_there():
    every = [block for document in DOCUMENTS for block in blocks(document, "sh")]
    for name, begins in NOT_HERE:
        assert len([block for block in every if is_meant(block, name, begins)]) == 1, (name, begins)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_block_says_what_it_is_and_stands_between_fences(document):
    assert {block.language for block in blocks(document)} <= LANGUAGES
    assert re.findall(r"^(?: {4,}|\t)\S.*", prose(document), re.MULTILINE) == []
