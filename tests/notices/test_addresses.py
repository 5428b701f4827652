from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sophia import outside
from sophia.notifications.channels import examine
from sophia.notifications.services import SERVICES
from sophia.refusals import NotAcceptable

TELEGRAM = "tgram://123456789:abcdefghij_klmnopqrstuvwxyz-ABCDEFG/-1001"
DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"


@pytest.fixture(autouse=True)
def public(monkeypatch):
    """Names stand for addresses as here, without asking anybody."""
    known = {"mail.example.com": "93.184.216.34", "inside.example.com": "10.0.0.5", "ntfy.example.com": "93.184.216.34"}

    def look_up(host, port, **_):
        if host not in known and not host[0].isdigit() and ":" not in host:
            raise OSError
        return [(None, None, None, None, (known.get(host, host), port))]

    monkeypatch.setattr(outside.socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        (TELEGRAM, "Telegram"),
        (TELEGRAM.replace("tgram", "TGRAM") + "?silent=yes", "Telegram"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "Slack"),
        (DISCORD, "Discord"),
        ("mailtos://u:p@mail.example.com?from=a@example.com&to=b@example.com", "E-mail at mail.example.com:587"),
        ("ntfys://ntfy.example.com/topic", "ntfy at ntfy.example.com"),
        ("ntfy://topic", "ntfy"),
    ],
)
def test_what_may_be_shown_is_the_service_and_its_host(address, hint):
    assert examine(address) == hint


REFUSED = [
    ("", "An address starts with one of tgram://"),
    ("file:///etc/passwd", "An address starts with one of"),
    ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "An address starts with one of"),
    ("xml://127.0.0.1/", "An address starts with one of"),
    ("include://x", "An address starts with one of"),
    (f"{TELEGRAM} {DISCORD}", "Write one address"),
    (f"{TELEGRAM}\n", "Write one address"),
    (f"{TELEGRAM}/{'1' * 1000}", "Write one address"),
    ("tgram://123", "This is no address of Telegram"),
    ("discord://x", "This is no address of Discord"),
    ("slack://a/b", "This is no address of Slack"),
    ("tgram://123456789:abcdefghij_klmnopqrstuvwxyz-ABCDEFG", "Name exactly one receiver"),
    (f"{TELEGRAM}/-1002", "Name exactly one receiver"),
    (f"{TELEGRAM}/no!chat", "Name exactly one receiver"),
    ("ntfys://bücher.example/topic", "Name exactly one receiver"),
    ("ntfys://user:password@0x7f.1/topic", "Name exactly one receiver"),
    ("mailtos://u:p@mail.example.com/a@example.com,b@example.com?from=c@example.com", "Name exactly one receiver"),
    (f"{TELEGRAM}?format=markdown", "may not say “format”"),
    (f"{TELEGRAM}?%66ormat=markdown", "may not say “format”"),
    (f"{TELEGRAM}?template=/etc/passwd", "may not say “template”"),
    (f"{DISCORD}?ping=everyone", "may not say “ping”"),
    (f"{DISCORD}?retry=5", "may not say “retry”"),
    ("ntfys://ntfy.example.com/topic?attach=file:///etc/passwd", "may not say “attach”"),
    ("ntfys://ntfy.example.com/topic?redirect=yes", "may not say “redirect”"),
    ("ntfys://ntfy.example.com/topic?verify=no", "may not say “verify”"),
    ("mailtos://u:p@mail.example.com?to=a@example.com&+Bcc=v@example.com", "may not say “\\+bcc”"),
    ("jsons://hooks.example.com/x", "Sophia may not send to hooks.example.com. The administrator can list it"),
    ("json://127.0.0.1:8000/", "Sophia may not send to 127.0.0.1:8000"),
    ("ntfy://127.0.0.1/topic", "inside a private network"),
    ("ntfy://169.254.169.254/topic", "inside a private network"),
    ("ntfy://[::1]/topic", "inside a private network"),
    ("ntfys://inside.example.com/topic", "inside a private network"),
    ("mailtos://u:p@mail.example.com?smtp=10.0.0.9&to=a@example.com&from=b@example.com", "inside a private network"),
    ("mailtos://u:p@nowhere.example.com?to=a@example.com", "There is no host called nowhere.example.com"),
    ("mailto://u:p@mail.example.com?to=a@example.com", "Write mailtos:// instead"),
    ("ntfy://u:p@ntfy.example.com/topic", "Write ntfys:// instead"),
    ("ntfy://tk_abcdefgh12345678@ntfy.example.com/topic", "Write ntfys:// instead"),
]


@pytest.mark.parametrize(("address", "sentence"), REFUSED)
def test_an_address_is_refused_with_what_to_do(address, sentence):
    with pytest.raises(NotAcceptable, match=sentence):
        examine(address)


@pytest.mark.parametrize("listed", ["127.0.0.1", "127.0.0.1:8000"])
def test_a_listed_host_is_reachable(settings, listed):
    settings.SOPHIA_NOTICE_HOSTS = [listed]
    assert examine("json://127.0.0.1:8000/x") == "JSON at 127.0.0.1:8000"
    with pytest.raises(NotAcceptable):
        examine("json://127.0.0.2:8000/x")


def test_a_listed_port_is_this_port_alone(settings):
    settings.SOPHIA_NOTICE_HOSTS = ["127.0.0.1:8000"]
    with pytest.raises(NotAcceptable, match=r"may not send to 127\.0\.0\.1:8001"):
        examine("json://127.0.0.1:8001/x")


def test_every_service_has_an_example():
    assert all(SERVICES[scheme].example.partition("://")[0].startswith(scheme[:4]) for scheme in SERVICES)


PIECES = st.text("abc019:/@?&=#%[].,-_ +é\n", max_size=40)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None, derandomize=True
)
@given(scheme=st.sampled_from(sorted(SERVICES)), rest=PIECES)
def test_whatever_is_typed_is_taken_or_refused_with_a_sentence(scheme, rest):
    with suppress(NotAcceptable):
        examine(f"{scheme}://{rest}")
