import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sophia import spreadsheets
from tests import make

ADDRESSES = ["/review/export.csv", "/queue/export.csv", "/search/export.csv?q=bread"]


def table(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    raw = b"".join(answer.streaming_content)
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))), answer, raw


def test_the_review_list_with_its_filters(desk, draft, page, author, operator):
    other = make.draft(make.account("facebook", "2002", "Aardvark"), author, text="Other\nline", title="T")
    skipped = make.draft(page, author, text="Skipped.")
    skipped.skip(by=operator)
    rows, _, _ = table(desk, "/review/export.csv")
    assert [row["id"] for row in rows] == [str(other.pk), str(draft.pk)]
    assert rows[0]["text"] == "Other\nline"
    assert [row["id"] for row in table(desk, f"/review/export.csv?client={page.client_id}")[0]] == [str(draft.pk)]
    assert [row["id"] for row in table(desk, "/review/export.csv?state=skipped")[0]] == [str(skipped.pk)]


def test_the_queue_with_its_filters(desk, publication, page, author, operator):
    later = make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(days=2))
    out = make.published(make.draft(page, author, text="Out."), operator)
    assert len(table(desk, "/queue/export.csv")[0]) == 3
    rows, _, _ = table(desk, "/queue/export.csv?state=published")
    assert [(row["id"], row["post_id"], row["permalink"]) for row in rows] == [
        (str(out.pk), out.post_id, out.permalink)
    ]
    queued = [row["id"] for row in table(desk, "/queue/export.csv?state=queued")[0]]
    assert queued == [str(later.pk), str(publication.pk)]
    assert table(desk, "/queue/export.csv?needs=missed")[0] == []


def test_of_a_long_list_the_first_are_in_the_file_and_it_says_so(desk, page, author, monkeypatch):
    monkeypatch.setattr("sophia.spreadsheets.MOST", 2)
    for number in range(3):
        make.draft(page, author, text=f"Number {number}.")
    lines = b"".join(desk.get("/review/export.csv").streaming_content).decode().splitlines()
    assert ["Number 0." in lines[1], "Number 1." in lines[2], "Number 2." in "".join(lines)] == [True, True, False]
    assert lines[3].startswith("These are the first 2. There are more: choose a client or a state")


def test_a_longer_file_reads_accounts_and_people_once(desk, page, author):
    def asked(count):
        for number in range(count):
            make.draft(page, author, text=f"Of {count}, {number}.", pictures=[(make.image(), "A")])
        with CaptureQueriesContext(connection) as queries:
            b"".join(desk.get("/review/export.csv").streaming_content)
        return len(queries)

    assert asked(2) == asked(6)


def test_what_a_search_found(desk, draft, publication):
    rows, _, _ = table(desk, "/search/export.csv?q=bread")
    assert [(row["kind"], row["id"]) for row in rows] == [
        ("draft", str(draft.pk)),
        ("publication", str(publication.pk)),
    ]
    assert table(desk, "/search/export.csv")[0] == []


def test_times_carry_the_offset_of_the_client(desk, page, author):
    make.draft(page, author, suggested_at=timezone.now().replace(2099, 7, 1, 8, 0, 0, 0))
    rows, _, _ = table(desk, "/review/export.csv")
    assert rows[0]["suggested_at"] == "2099-07-01T09:00:00+01:00"


def test_a_file_that_excel_reads_with_a_name_and_a_date(desk, draft):
    _, answer, raw = table(desk, "/review/export.csv?state=approved")
    assert raw.startswith(b"\xef\xbb\xbfid,ref,")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="drafts-approved-{timezone.now():%Y-%m-%d}.csv"' in answer["Content-Disposition"]


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "\n=1"])
def test_no_cell_is_a_formula(evil):
    assert spreadsheets.cell(evil) == f"'{evil}"


@pytest.mark.parametrize(
    ("evil", "harmless"),
    [
        ("Bread;=cmd|x", "Bread;'=cmd|x"),
        ("Bread; =cmd", "Bread;' =cmd"),
        ("Bread\n@cmd", "Bread\n'@cmd"),
        ("Bread\t+1", "Bread\t'+1"),
        ("＝1+1", "'＝1+1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        ("\u200b=1", "'\u200b=1"),
        ("Bread - a = b; c", "Bread - a = b; c"),
    ],
)
def test_no_part_of_a_cell_is_a_formula(evil, harmless):
    assert spreadsheets.cell(evil) == harmless


def test_what_people_typed_is_defused_in_the_file(desk, page, author):
    make.draft(page, author, text="=HYPERLINK(1)", title="@cmd")
    rows, _, _ = table(desk, "/review/export.csv")
    assert (rows[0]["text"], rows[0]["title"]) == ("'=HYPERLINK(1)", "'@cmd")


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_may_not_see_the_page_gets_no_file(signed_in, stranger, viewer, client, draft, address):
    assert signed_in(stranger).get(address).status_code == 403
    assert client.get(address).status_code == 302
    assert table(signed_in(viewer), address)


@pytest.mark.parametrize("address", ["/review/?state=approved", "/queue/", "/queue/?state=queued", "/search/?q=bread"])
def test_the_pages_link_to_their_file(desk, publication, address):
    name, _, query = address.partition("?")
    assert f'href="{name}export.csv{"?" if query else ""}{query}"' in desk.get(address).text
