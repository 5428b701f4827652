import base64
import hashlib
import json
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from publishing.dossier.packet import Dossier
from publishing.models import Emergency, Publication
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from tests import make
from tests.dossier.conftest import HOSTILE
from tests.draining import carry_out

State = Publication.State


def run(command, folder):
    """As somebody would, in a shell that knows nothing of Sophia."""
    bare = {"PATH": f"{sys.base_prefix}/bin:/usr/bin:/bin", "LC_ALL": "C"}
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=bare, capture_output=True, text=True, check=True)
    return done.stdout.split()


def told(publication):
    return Dossier.of(publication).document


def test_the_command_in_it_prints_the_digest(hostile, saved, tmp_path):
    dossier, _, _ = saved(hostile)
    assert run(dossier.document["checks"]["digest"], tmp_path) == [hostile.digest()]


def test_the_command_in_it_prints_the_hash_of_each_image(hostile, saved, tmp_path):
    dossier, _, _ = saved(hostile)
    hashes = [picture.image_id for picture in hostile.pictures.all()]
    assert run(dossier.document["checks"]["images"], tmp_path) == hashes


def test_the_commands_are_documented_as_they_are(hostile):
    guide = (settings.BASE_DIR / "docs" / "operating.md").read_text()
    for command in told(hostile)["checks"].values():
        assert command.replace(f"dossier-{hostile.pk}", "dossier-1") in guide


def test_the_page_holds_the_same_json(hostile, saved):
    _, page, data = saved(hostile)
    [inside] = re.findall('href="data:application/json;base64,([^"]+)"', page.read_text())
    assert json.loads(base64.b64decode(inside)) == json.loads(data.read_text())


def test_it_holds_everything_that_was_shown(hostile):
    document = told(hostile)
    assert document["manifest"]["text"] == HOSTILE.strip()
    assert document["message"].endswith("https://lua.example/?a=1&b=2")
    assert [(image["alt"], image["file"]) for image in document["images"]] == [
        ('"><script>alert(2)</script>', "intact"),
        ("", "intact"),
    ]
    assert document["account"]["label"] == "facebook:1001"


def test_it_tells_who_did_what_and_what_they_changed(hostile):
    decisions = told(hostile)["decisions"]
    assert [(row["by"]["username"], row["verb"]) for row in decisions] == [
        ("anna", "written"),
        ("anna", "submitted"),
        ("anna", "edited"),
        ("olga", "approved"),
    ]
    assert decisions[2]["diff"]["text"] == ["First words.", hostile.text]
    assert decisions[3]["this_publication"]
    assert decisions[3]["digest"] == hostile.digest() != decisions[0]["digest"]


def test_it_tells_every_attempt_with_its_calls(hostile):
    attempts = told(hostile)["attempts"]
    assert [row["outcome"] for row in attempts] == ["failed, can be tried again", "published"]
    assert (attempts[0]["code"], attempts[0]["trace_id"]) == (2, "T1")
    assert [call["verb"] for call in attempts[1]["calls"]] == ["commit"]


def test_times_are_on_the_clients_clock(publication):
    document = told(publication)
    assert document["client"]["timezone"] == "Europe/Lisbon"
    assert str(document["approval"]["at"].tzinfo) == "Europe/Lisbon"
    assert document["approval"]["at"] == publication.approved_at
    assert json.loads(Dossier.of(publication).json())["approval"]["at"] == document["approval"]["at"].isoformat()


def test_a_post_that_was_taken_down_tells_when_and_how(taken_down):
    document = told(taken_down)
    [recovery] = document["recoveries"]
    assert recovery["requested_by"]["username"] == "olga"
    assert [row["verb"] for row in recovery["evidence"]] == ["remove", "is_readable", "prove_gone", "verdict"]
    assert document["seen"]["last_live_at"] < document["seen"]["first_gone_at"] == recovery["seen_gone_at"]
    assert "proved gone" in document["stands"]


def test_a_take_down_under_way_is_not_said_to_be_gone_nor_public(hostile, operator):
    hostile.recover(by=operator, reason="Wrong price").execute()
    document = told(hostile)
    assert document["stands"] == "It was published. It is to be taken down, and is not proved gone."
    assert document["seen"]["last_live_at"] == document["recoveries"][0]["last_live_at"]
    assert document["seen"]["first_gone_at"] is document["recoveries"][0]["seen_gone_at"] is None


def test_photos_that_stayed_are_named_first(taken_down):
    left = [{"id": "77", "link": "https://www.facebook.com/77", "because": "Facebook does not allow it."}]
    make.behind_the_back(taken_down.recoveries.get(), photos_left=left)
    assert told(taken_down)["stands"].endswith("is proved gone. But 1 of its photos is not gone.")
    assert 'href="https://www.facebook.com/77"' in Dossier.of(taken_down).html()


def test_an_emergency_is_named(hostile, operator):
    Emergency.objects.start(by=operator, client=hostile.account.client, since=hostile.published_at, reason="All wrong")
    assert told(hostile)["recoveries"][0]["emergency"]["reason"] == "All wrong"
    assert "everything of the client since" in Dossier.of(hostile).html()


def test_what_only_a_person_saw_is_told_as_that(draft, operator):
    by_hand = make.approved(draft, operator, mode="manual")
    by_hand.publish()
    by_hand.confirm_by_hand(by=operator, link="https://facebook.com/77")
    by_hand.recover(by=operator, reason="Wrong price").execute()
    by_hand.witness_gone(by=operator, note="The page shows nothing.")
    assert "a person saw that it is gone" in told(by_hand)["stands"]


def test_one_look_that_does_not_find_it_is_no_vanishing(hostile, outbox):
    outbox[0].live = False
    make.behind_the_back(hostile, watch_at=timezone.now())
    hostile.watch()
    assert told(hostile)["seen"]["first_gone_at"] is None


def test_a_post_that_vanished_tells_when_it_was_first_not_found(hostile, outbox):
    outbox[0].live = False
    for _ in range(2):
        make.behind_the_back(hostile, watch_at=timezone.now())
        hostile.watch()
    gone = [row["at"] for row in told(hostile)["sightings"] if row["verdict"] == "gone"]
    assert told(hostile)["seen"]["first_gone_at"] == gone[0]
    assert "nobody took it down with Sophia" in told(hostile)["stands"]


def test_a_seal_that_does_not_fit_is_said_first(hostile):
    make.behind_the_back(hostile, text="Other words.")
    hostile.refresh_from_db()
    document, page = told(hostile), Dossier.of(hostile).html()
    assert not document["approval"]["seal_fits"]
    assert "not proved to be approved" in " ".join(document["proves"])
    assert page.index("The seal does not fit") < page.index("What was shown and approved")
    assert "Not the one that was approved" in page


@pytest.mark.parametrize(
    ("damage", "file", "said"),
    [
        (lambda path: path.unlink(), "missing", "is not on the server any more"),
        (lambda path: path.write_bytes(make.jpeg(color="olive")), "changed", "is not the approved one any more"),
    ],
)
def test_an_image_that_is_missing_or_another_one_is_said_and_not_shown(hostile, damage, file, said):
    damage(hostile.pictures.first().image.path)
    dossier = Dossier.of(hostile)
    assert [image["file"] for image in dossier.document["images"]] == [file, "intact"]
    assert said in dossier.html()
    assert dossier.html().count("data:image/jpeg") == 1
    assert "image 1 is no longer the approved one" in " ".join(dossier.document["proves"])


def test_words_stay_words(taken_down):
    page = Dossier.of(taken_down).html()
    assert "<script" not in page
    assert "</style><script" not in page
    assert page.count("<style>") == page.count("</style>") == 1
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page


def test_a_name_cannot_leave_the_style_sheet(page, author, operator):
    own = make.account("facebook", "77", client='"; } </style><script>alert(1)</script>')
    shown = Dossier.of(make.approved(make.draft(own, author), operator)).html()
    assert "<script" not in shown
    assert shown.count("</style>") == 1


def test_no_token_is_in_it(taken_down):
    dossier = Dossier.of(taken_down)
    assert taken_down.account.token == "token-of-1001"
    assert "token-of-1001" not in dossier.json() + dossier.html()
    assert taken_down.seal not in dossier.json() + dossier.html()


def test_it_asks_for_nothing_from_outside(taken_down):
    page = Dossier.of(taken_down).html()
    assert set(re.findall(r'\ssrc="([a-z]+:)', page)) == {"data:"}
    assert not re.findall(r"<(?:link|script|iframe|object|embed|base|form)\b|@import|url\(", page)


def moved_to(state, publication, operator):
    """Through real verbs, where there is one."""
    match state:
        case State.CANCELLED:
            publication.cancel(by=operator)
        case State.FAILED:
            memory.fail_next("prepare", PlatformError(Kind.REJECTED, "No."))
            publication.publish()
        case State.UNCONFIRMED:
            memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "Lost."), after=True)
            publication.publish()
        case State.PUBLISHING:
            publication.claim()
        case State.MISSED:
            publication.miss("Too late.")
        case State.HANDOFF:
            publication.hand_off()
        case State.PUBLISHED:
            publication.publish()
        case State.RECOVERED:
            publication.publish()
            carry_out(publication.recover(by=operator, reason="x"))
    publication.refresh_from_db()


@pytest.mark.parametrize("state", State.values)
def test_every_state_has_its_dossier(publication, operator, state, desk):
    moved_to(state, publication, operator)
    assert publication.state == state
    assert told(publication)["stands"]
    assert desk.get(reverse("publishing:dossier", args=[publication.pk])).status_code == 200


def test_a_publication_without_a_draft_has_its_dossier(draft, operator):
    bare = Publication.objects.schedule(draft, approved_by=operator, at=timezone.now())
    assert told(bare)["decisions"] == []
    assert "Nothing is kept about its draft." in Dossier.of(bare).html()


def test_what_a_person_posted_is_not_said_to_be_sent_by_sophia(draft, operator):
    by_hand = make.approved(draft, operator, mode="manual")
    by_hand.publish()
    by_hand.confirm_by_hand(by=operator, link="https://facebook.com/77")
    assert "Sophia did not send it" in " ".join(told(by_hand)["proves"])
    assert "cannot look" in Dossier.of(by_hand).html()


def test_a_reopened_draft_keeps_the_dossier_of_what_it_was(publication, draft, operator):
    draft.refresh_from_db()
    draft.reopen(by=operator, note="Once more.")
    publication.refresh_from_db()
    assert [row["verb"] for row in told(publication)["decisions"]][-2:] == ["approved", "reopened"]


def test_the_page_and_the_data_are_for_who_may_see_publications(signed_in, publication, viewer, stranger, client):
    for name in ("dossier", "dossier_data"):
        address = reverse(f"publishing:{name}", args=[publication.pk])
        assert signed_in(viewer).get(address).status_code == 200
        assert signed_in(stranger).get(address).status_code == 403
        assert client.get(address).status_code == 302
        assert signed_in(viewer).post(address).status_code == 405
    assert signed_in(viewer).get(reverse("publishing:dossier", args=[99])).status_code == 404


def test_the_publication_leads_to_its_dossier(desk, publication):
    shown = desk.get(publication.get_absolute_url()).content.decode()
    assert reverse("publishing:dossier", args=[publication.pk]) in shown
    answer = desk.get(reverse("publishing:dossier_data", args=[publication.pk]))
    assert answer.json()["made_by"]["username"] == "olga"
    assert answer.json()["digest"] == publication.digest()


def test_hashes_are_those_of_the_bytes_in_the_page(hostile):
    page = Dossier.of(hostile).html()
    found = [base64.b64decode(data) for data in re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page)]
    assert [hashlib.sha256(data).hexdigest() for data in found] == [
        image["sha256"] for image in told(hostile)["images"]
    ]


def test_an_exchanged_image_is_told_by_its_hash(page, author, operator):
    before, after = make.image("olive"), make.image("navy")
    draft = make.draft(page, author, pictures=[(before, "A loaf")])
    pictures = [(after, "A roll")]
    draft.edit(by=author, text=draft.text, link="", pictures=pictures, digest=draft.digest())
    shown = Dossier.of(make.approved(draft, operator)).html()
    assert f"<del>A loaf <code>{before.sha256}</code></del>" in shown
    assert f"<ins>A roll <code>{after.sha256}</code></ins>" in shown
    assert shown.count("data:image/jpeg") == 1
