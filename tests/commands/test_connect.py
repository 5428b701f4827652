import pytest

from publishing.models import Client, Pause, Publication, SocialAccount
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, Refused
from tests import make

pytestmark = pytest.mark.django_db
NEW = ("connect", "facebook", "--client", "Café Lua", "--id", "1001")


def test_an_account_is_added_with_its_client(command):
    answer = command(*NEW, "--timezone", "Europe/Lisbon", "--min-gap", "4h", "--json", stdin=b"secret-1234\n")

    assert answer.code == 0
    assert answer.json["account"] == "facebook:1001"
    assert answer.json["created"] is True
    assert answer.json["timezone"] == "Europe/Lisbon"
    account = SocialAccount.objects.get()
    assert account.token == "secret-1234"
    assert account.token_tail == "1234"
    assert "secret" not in answer.out


def test_the_token_comes_from_the_named_variable(command, monkeypatch):
    monkeypatch.setenv("PAGE_TOKEN", "from-the-variable")

    assert command(*NEW, "--token-env", "PAGE_TOKEN").code == 0
    assert SocialAccount.objects.get().token == "from-the-variable"


def test_an_empty_variable_is_not_a_token(command, monkeypatch):
    monkeypatch.setenv("PAGE_TOKEN", "")

    answer = command(*NEW, "--token-env", "PAGE_TOKEN")

    assert answer.code == 1
    assert "PAGE_TOKEN is not set" in answer.error


def test_a_new_account_needs_a_token(command):
    answer = command(*NEW)

    assert answer.code == 1
    assert "--token-env" in answer.error
    assert not Client.objects.exists()


def test_somebody_at_the_keyboard_is_asked_without_an_echo(command, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda question: "typed-token")

    assert command(*NEW, tty=True).code == 0
    assert SocialAccount.objects.get().token == "typed-token"


@pytest.mark.parametrize("token", [b"two words", b"two\nlines", b"bell\x07", b"\xff\xfe"])
def test_a_damaged_token_is_refused(command, token):
    assert command(*NEW, stdin=token).code == 1
    assert not SocialAccount.objects.exists()


def test_an_update_keeps_the_token_and_what_was_not_said(command, page):
    answer = command(*NEW, "--max-per-week", "5", "--json")

    assert answer.json["created"] is False
    page.refresh_from_db()
    assert (page.token, page.max_per_week, page.name) == ("token-of-1001", 5, "Café Lua facebook")
    assert page.client.timezone == "Europe/Lisbon"


ANOTHER = ("connect", "facebook", "--client", "Another", "--id", "1001")


def test_an_account_of_another_client_is_refused_with_what_is_queued_and_paused_there(command, publication, operator):
    Pause.objects.start(by=operator, reason="Storm", client=publication.account.client)

    answer = command(*ANOTHER)

    assert answer.code == 1
    assert "1 post of it is queued. Café Lua is paused by olga: Storm Nothing was changed." in answer.error
    assert "Give it to Another by --move." in answer.error
    assert not Client.objects.filter(name="Another").exists()


def test_it_is_moved_where_that_is_said(command, page):
    answer = command(*ANOTHER, "--move", "--json")

    assert answer.json["client"] == "Another"
    assert "Moved here from Café Lua." in answer.json["found"]
    assert SocialAccount.objects.get().client.name == "Another"


def test_both_clients_people_hear_that_it_was_moved(command, publication):
    before = publication.account.client
    command(*ANOTHER, "--move")
    told = {notice.client: notice.sentence for notice in Notice.objects.filter(kind="account.moved")}
    assert told[before].endswith("was given to another client. 1 queued post went with it.")
    assert "Another" not in told[before]
    assert "belonged to Café Lua" in told[SocialAccount.objects.get().client]


def test_nothing_of_a_paused_client_goes_out_because_its_account_was_moved(command, publication, operator, outbox):
    Pause.objects.start(by=operator, reason="Storm", client=publication.account.client)

    answer = command(*ANOTHER, "--move")

    assert "It stays paused: resume it when its posts may go out." in answer.out
    Publication.objects.get().publish()
    assert not outbox
    Pause.objects.get(account=publication.account).lift(by=operator)
    Publication.objects.get().publish()
    assert len(outbox) == 1


@pytest.mark.parametrize("near", ["Cafe Lua", "café lua", "Café  Lua", "Café Luna"])
def test_a_client_who_is_almost_called_so_is_asked_about(command, page, near):
    named = ("connect", "facebook", "--client", near, "--id", "2002")

    answer = command(*named, stdin=b"secret")

    assert answer.code == 1
    assert "but there is “Café Lua”" in answer.error
    assert command(*named, "--new-client", stdin=b"secret").code == 0
    assert Client.objects.count() == 2


def test_the_verb_itself_connects_no_account_for_another_client(page):
    with pytest.raises(Refused, match="belongs to Café Lua"):
        page.connect(client=Client(name="Another"))
    with pytest.raises(NotAllowed):
        page.move_to(Client(name="Another"), by=make.person("olga", "operator"))


@pytest.mark.parametrize(
    ("kind", "hint"), [(Kind.AUTH, "Check the id and the token"), (Kind.RETRY, "when the platform answers")]
)
def test_nothing_is_saved_when_the_platform_does_not_agree(command, kind, hint):
    memory.fail_next("check", PlatformError(kind, "Facebook says no."))

    answer = command(*NEW, "--json", stdin=b"secret")

    assert answer.code == 1
    assert "Facebook says no. Nothing was saved." in answer.error
    assert hint in answer.error
    assert answer.out == ""
    assert not Client.objects.exists()


def test_a_token_that_fails_does_not_replace_the_good_one(command, page):
    memory.fail_next("check", PlatformError(Kind.AUTH, "Facebook says no."))

    assert command(*NEW, stdin=b"bad").code == 1
    page.refresh_from_db()
    assert page.token == "token-of-1001"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--timezone", "Mars/Base"),
        ("--min-gap", "soon"),
        ("--min-gap", "999999999999d"),
        ("--max-per-week", "0"),
        ("--max-per-week", "99999"),
        ("--name", "n" * 300),
    ],
)
def test_wrong_details_are_refused_with_a_sentence(command, wrong):
    answer = command(*NEW, *wrong, stdin=b"secret")

    assert answer.code == 1
    assert answer.error
    assert not Client.objects.exists()


def test_a_wrong_id_is_refused(command):
    assert "is not an account id" in command("connect", "facebook", "--client", "C", "--id", "1/2").error


def test_days_and_hours_are_kept(command, page):
    again = ["connect", "facebook", "--client", "Café Lua", "--id", "1001", "--json"]
    answer = command(*again, "--weekdays", "mon, fri", "--hours", "09:00-18:00").json
    assert (answer["weekdays"], answer["hours"]) == ("mon,fri", "09:00-18:00")
    answer = command(*again, "--weekdays", "any", "--hours", "any").json
    assert (answer["weekdays"], answer["hours"]) == (None, None)


@pytest.mark.parametrize("wrong", [["--hours", "9-18"], ["--hours", "25:00-26:00"], ["--weekdays", "montag"]])
def test_days_and_hours_that_are_none_are_refused(command, page, wrong):
    answer = command("connect", "facebook", "--client", "Café Lua", "--id", "1001", *wrong)
    assert answer.code == 1
    assert wrong[1] in answer.error


def test_the_end_of_a_token_can_be_typed(command):
    zoned = command(
        *NEW, "--timezone", "Europe/Lisbon", "--token-expires", "2031-07-01T09:00", "--json", stdin=b"secret"
    )
    assert zoned.json["expiry"] == "known"
    assert zoned.json["token_expires_at"].startswith("2031-07-01T08:00:00")
    assert command(*NEW, "--token-expires", "never", "--json", stdin=b"other").json["expiry"] == "never"


def test_an_untold_end_of_a_token_is_said_to_be_unknown(command):
    answer = command(*NEW, stdin=b"secret")
    assert "When its token expires is unknown." in answer.out


@pytest.mark.parametrize(("typed", "said"), [("soon", "is not a time"), ("2001-01-01T09:00", "is past")])
def test_a_wrong_end_of_a_token_is_refused(command, typed, said):
    answer = command(*NEW, "--token-expires", typed, stdin=b"secret")
    assert (answer.code, SocialAccount.objects.exists()) == (1, False)
    assert said in answer.error


def test_how_it_publishes_is_chosen_and_refused_where_nothing_is_named_for_it(command, page):
    assert command(*NEW, "--through", "directly", "--json").json["through"] == "directly"

    answer = command(*NEW, "--through", "mcp")

    assert answer.code == 1
    assert "SOPHIA_MCP_FACEBOOK is empty" in answer.error


def test_connecting_ends_with_the_advice_to_look_as_a_stranger(command):
    answer = command(*NEW, stdin=b"secret")

    assert "as a stranger, for example in a private window" in answer.out.splitlines()[-1]
