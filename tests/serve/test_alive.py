"""A web that answers nobody is replaced; one that starts is waited for."""

import os
import signal
import socket
import threading
import time

import pytest

from sophia import alive
from sophia.alive import Door
from sophia.supervisor import Eye


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(alive, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def web():
    """A listening socket. It answers when `answer` is called."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        yield listening


def answer(web):
    caller, _ = web.accept()
    with caller:
        caller.recv(1000)
        caller.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


def door_to(web, **options):
    return Door(*web.getsockname()[:2], **options)


def let_answer(door, web):
    answering = threading.Thread(target=answer, args=(web,))
    answering.start()
    until = time.monotonic() + 10
    while answering.is_alive() or door.question:
        assert not door.sees_frozen()
        assert time.monotonic() < until
    answering.join()


def test_a_web_that_answers_is_ready_and_alive(web, clock):
    door: Eye = door_to(web)
    assert not door.is_ready()
    let_answer(door, web)
    assert door.is_ready()
    clock[0] += alive.FROZEN_AFTER - 1
    assert not door.sees_frozen()
    door.close()


def test_a_web_that_takes_connections_and_answers_none_is_frozen(web, clock):
    door = door_to(web)
    let_answer(door, web)
    clock[0] += alive.FROZEN_AFTER + 1
    assert door.sees_frozen()
    door.close()


def test_one_that_answers_again_is_alive_again(web, clock):
    door = door_to(web)
    let_answer(door, web)
    clock[0] += alive.FROZEN_AFTER - 1
    let_answer(door, web)
    clock[0] += alive.FROZEN_AFTER - 1
    assert not door.sees_frozen()
    door.close()


def test_one_that_starts_is_given_time_and_the_next_time_more(web, clock):
    door = door_to(web)
    clock[0] += alive.STARTING - 1
    assert not door.sees_frozen()
    clock[0] += 2
    assert door.sees_frozen()
    door.give_up()
    assert door.patience == 2 * alive.STARTING
    door.close()


def test_where_nobody_listens_it_waits_as_well(clock):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()[:2]
    door = Door(*address)
    for _ in range(5):
        assert not door.sees_frozen()
    assert not door.is_ready()
    door.close()


def test_a_web_that_is_developed_may_stand_still(web, clock):
    door = door_to(web, patient=True)
    clock[0] += 10_000
    assert not door.sees_frozen()
    door.close()


@pytest.mark.crash
def test_a_frozen_web_is_replaced_and_the_workers_left_alone(serve):
    serve.start()
    before = set(serve.workers())
    os.kill(serve.web()[0], signal.SIGSTOP)
    serve.until(lambda: "the web finished nothing for 20 s" in serve.log.read_text())
    serve.until(serve.answers)
    assert set(serve.workers()) == before
