import json

import pytest

from tests import make


@pytest.fixture
def live(draft, operator):
    return make.published(draft, operator)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_writes_a_file_and_says_what_stands(command, live, folder):
    answer = command("dossier", live.pk)

    assert answer.code == 0
    assert answer.out == (
        f"Wrote dossier-{live.pk}.html. It was published. As far as Sophia knows it is public. "
        f"Digest: {live.digest()}\n"
    )
    assert "Proof of approval" in (folder / f"dossier-{live.pk}.html").read_text()


@pytest.mark.parametrize("name", ["permalink", "post_id"])
def test_a_publication_is_found_by_what_the_platform_calls_it(command, live, name):
    assert command("dossier", getattr(live, name), "--json").json["publication"]["id"] == live.pk


def test_json_is_one_document_and_writes_no_file(command, live, folder):
    answer = command("dossier", live.pk, "--json")

    assert answer.json["digest"] == live.digest()
    assert list(folder.iterdir()) == []


def test_json_and_a_file_together(command, live, folder):
    answer = command("dossier", live.pk, "--json", "--out", "proof.html")

    assert json.loads(answer.out)["document"] == "Sophia dossier"
    assert (folder / "proof.html").exists()


def test_the_page_goes_to_stdout_in_characters_that_every_pipe_takes(command, live):
    answer = command("dossier", live.pk, "--out", "-")

    assert answer.out.isascii()
    assert answer.out.startswith("<!doctype html>")
    assert "Caf&#233; Lua" in answer.out


def test_stdout_is_not_for_two(command, live):
    answer = command("dossier", live.pk, "--out", "-", "--json")

    assert (answer.code, answer.out) == (1, "")
    assert "--json has stdout for itself" in answer.error


def test_a_file_that_cannot_be_written_is_said(command, live):
    answer = command("dossier", live.pk, "--out", "nowhere/proof.html")

    assert (answer.code, answer.out) == (1, "")
    assert "nowhere/proof.html cannot be written: No such file or directory." in answer.error


@pytest.mark.parametrize("name", ["99", "nonsense", "", "9" * 40])
def test_an_unknown_publication_is_said(command, db, name):
    answer = command("dossier", name, "--json")

    assert (answer.code, answer.out) == (1, "")
    assert "No publication" in answer.error
