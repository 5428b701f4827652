import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from approval.batches import bringing
from approval.batches.models import Batch
from approval.models import Draft
from publishing import images
from publishing.models import Image, Pause, Publication, SocialAccount
from tests import make


@pytest.fixture
def browser(signed_in, member):
    return signed_in(member)


def test_the_strip_counts_their_clients_alone(browser, page, bakery, author, operator):
    for account, number in ((page, 3), (bakery, 1)):
        for each in range(number):
            make.draft(account, author, text=f"Waits {each}")
            make.approved(make.draft(account, author, text=f"Soon {each}"), operator)
    assert re.findall(r"<b>(\d+)</b> (?:in review|queued today)", browser.get("/").text) == ["1", "1"]


def test_a_pause_of_everything_is_told_and_not_theirs_to_lift(browser, operator):
    pause = Pause.objects.start(by=operator, reason="Press incident")
    seen = browser.get("/pause/").text
    assert "Press incident" in seen
    assert "Resume…" not in seen
    assert "Everything</option>" not in seen
    assert browser.get(f"/pause/{pause.pk}/lift").status_code == 403
    assert browser.post(f"/pause/{pause.pk}/lift").status_code == 403


def test_the_admin_tells_of_it_what_becomes_of_their_own_posts(act, member, operator, author, page, bakery):
    for account in (page, bakery):
        make.approved(make.draft(account, author), operator)
    pause = Pause.objects.start(by=operator, reason="Press incident")
    planned = act(member, "resume", pause, ask_first=True).text
    assert "Padaria Sol facebook" in planned
    assert "Café Lua facebook" not in planned


def test_their_own_client_is_theirs_to_pause_and_to_resume(browser, bakery):
    browser.post("/pause/start", {"scope": f"client:{bakery.client_id}", "reason": "x"})
    pause = Pause.objects.get()
    browser.post(f"/pause/{pause.pk}/lift")
    pause.refresh_from_db()
    assert not pause.in_force


def test_an_image_is_shown_to_those_who_work_with_it_or_brought_it(browser, member, page, bakery, author):
    ours, theirs, loose = (make.image(color) for color in ("gold", "red", "teal"))
    own = images.store(make.jpeg(color="blue"), "a.jpg", by=member)
    make.draft(bakery, author, pictures=[(ours, "")])
    make.draft(page, author, pictures=[(theirs, "")])
    answers = [browser.get(f"/images/{image.sha256}").status_code for image in (ours, theirs, loose, own)]
    assert answers == [200, 404, 404, 200]


def test_the_admin_lists_no_image_that_is_not_theirs(member, page, bakery, author):
    make.draft(bakery, author, pictures=[(make.image("gold"), "")])
    make.draft(page, author, pictures=[(make.image("red"), "")])
    make.image("teal")
    assert Image.objects.visible_to(member).count() == 1


def test_a_file_can_neither_write_for_others_nor_learn_of_their_refs(command, member, page, bakery, author):
    make.draft(page, author, ref="autumn-1")
    line = b'{"account": "%s", "text": "x", "ref": "autumn-1"}\n'
    foreign = command("import_drafts", "-", "--by", "mia", stdin=line % b"facebook:1001")
    assert "There is no account “facebook:1001”" in foreign.error
    taken = command("import_drafts", "-", "--by", "mia", stdin=line % b"facebook:2002")
    assert "The ref “autumn-1” is taken" in taken.error
    assert Draft.objects.count() == 1


def test_a_command_refuses_with_a_sentence(command, member, draft):
    answer = command("approve", str(draft.pk), "--by", "mia")
    assert (answer.code, "mia does not work for this client" in answer.error) == (1, True)


def test_resuming_without_a_name_resumes_what_is_theirs(command, member, operator, page, bakery):
    theirs, ours = (Pause.objects.start(by=operator, reason="x", account=account) for account in (page, bakery))
    assert command("resume", "--by", "mia", "--yes").code == 0
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.in_force, ours.in_force) == (True, False)
    Pause.objects.start(by=operator, reason="x")
    assert "concerns every client" in command("resume", "--by", "mia", "--yes").error


def test_their_own_file_lists_no_draft_of_a_client_they_left(signed_in, member, bakery, page, author):
    table = b"account,text\nfacebook:2002,Rolls at dawn.\n"
    batch = Batch.objects.keep(by=member, name="a.csv", content=table, pictures={}, refused={}, submit=False)
    bringing.bring(batch, member)
    left = make.member(member, page.client)
    assert "Rolls at dawn" not in signed_in(left).get(f"/review/import/{batch.pk}/").text


def test_who_works_for_all_pays_one_query_and_no_join(signed_in, operator, boss, page, author):
    make.draft(page, author)
    counts = []
    for person in (operator, boss):
        with CaptureQueriesContext(connection) as asked:
            signed_in(person).get("/queue/")
        counts.append([query["sql"] for query in asked if "sophia_membership" in query["sql"]])
    assert [len(found) for found in counts] == [1, 0]
    rows = Publication.objects.waiting()
    assert str(rows.visible_to(operator).query) == str(rows.query)


def test_a_member_finds_only_their_drafts_by_the_word(browser, page, bakery, author):
    make.draft(page, author, text="Bread of theirs.")
    make.draft(bakery, author, text="Bread of ours.", suggested_at=timezone.now() + timedelta(days=1))
    for address in ("/search/?q=bread", "/search/export.csv?q=bread", "/review/export.csv"):
        answer = browser.get(address)
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert "of theirs" not in text
        assert "ours" in text


def test_the_admin_connects_no_account_for_another_client(browser, page):
    typed = {"client": page.client_id, "platform": "facebook", "external_id": "77", "new_token": "x"}
    answer = browser.post("/admin/publishing/socialaccount/add/", typed)
    assert "not one of the available choices" in answer.text
    assert SocialAccount.objects.filter(external_id="77").count() == 0


def test_an_emergency_shows_nothing_before_it_refuses(command, member, page, author, operator):
    make.published(make.draft(page, author, text="Theirs."), operator)
    asked = ("--client", "Café Lua", "--since", "2020-01-01T00:00", "--reason", "x")
    answer = command("emergency", "--by", "mia", *asked)
    assert "does not work for this client" in answer.error
    assert "Theirs" not in answer.out


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("operator", "Operator For all clients."),
        ("member", "Operator For Padaria Sol."),
        ("idle", "no role yet. For no client"),
    ],
)
def test_people_read_what_they_may_do_and_for_whom(signed_in, operator, member, who, said):
    person = {"operator": operator, "member": member}.get(who) or make.member(make.person("ida"))
    assert said in " ".join(strip_tags(signed_in(person).get("/you/").text).split())
