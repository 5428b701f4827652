import socket
from ipaddress import ip_address
from threading import Thread

import pytest
import requests
from apprise.plugins.ntfy import NotifyNtfy

from sophia import outside
from sophia.notifications import channels
from sophia.notifications.wording import Message
from sophia.outside import addresses_of, held_to, is_public

INSIDE = "10.0.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.168.1.1 100.64.0.1 224.0.0.1 0.0.0.0 ::1 ::ffff:10.0.0.1"
INSIDE += " fd00::1 fe80::1 2002:0a00:0001:: ff02::1 64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe"
INSIDE += " fec0::1 64:ff9b:1::10.0.0.1 ::10.0.0.1 ::ffff:0:10.0.0.1"
REBOUND = {"host.example": ["93.184.216.34", "10.0.0.5"]}


@pytest.fixture
def rebinding(monkeypatch):
    """A name server that names a public machine at first, and one inside from then on."""
    answers = {name: iter(addresses) for name, addresses in REBOUND.items()}
    really = outside.look_up

    def look_up(host, port, *args, **options):
        return really(next(answers[host]) if host in answers else host, port, *args, **options)

    monkeypatch.setattr(outside, "look_up", look_up)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("address", INSIDE.split())
def test_no_way_of_writing_leads_inside(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::93.184.216.34"])
def test_what_is_on_the_internet_is_public(address):
    assert is_public(ip_address(address))


def test_a_name_that_changes_its_mind_is_held_to_what_was_judged(rebinding):
    judged = addresses_of("host.example", 443)
    found = []
    with held_to("Host.Example", judged):
        Thread(target=lambda: found.extend(addresses_of("host.example", 443))).start()
        found += addresses_of("host.example", 443)
    assert {str(address) for address in found} == {"93.184.216.34"}
    assert str(addresses_of("host.example", 443)[0]) == "10.0.0.5"


def test_other_names_are_found_as_ever_meanwhile():
    with held_to("host.example", [ip_address("93.184.216.34")]):
        assert str(addresses_of("127.0.0.1", 80)[0]) == "127.0.0.1"
    assert not outside.held


def test_a_library_connects_to_the_held_address(monkeypatch):
    asked = []

    def connect(line, address):
        asked.append(address)
        raise OSError("refused")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with held_to("host.example", [ip_address("93.184.216.34")]), pytest.raises(requests.ConnectionError):
        requests.get("http://host.example:8080/", timeout=1)
    assert asked == [("93.184.216.34", 8080)]


def test_a_notice_goes_to_the_machine_that_was_judged(rebinding, monkeypatch):
    seen = []
    found = lambda *_, **__: seen.extend(addresses_of("host.example", 443)) or True  # noqa: E731
    monkeypatch.setattr(NotifyNtfy, "send", found)
    channels.send("ntfys://host.example/topic", Message("Title", "Text", ""))
    assert {str(address) for address in seen} == {"93.184.216.34"}
