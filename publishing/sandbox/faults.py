"""What a client sees of a fault. Closing is done on the connection itself, so a real client really loses it."""

import os
import select
import socket
import stat
import struct
import time
from contextlib import suppress

from django.http import HttpRequest, HttpResponse, JsonResponse

from publishing.sandbox.errors import GraphError
from publishing.sandbox.models import Fault

SILENT = {Fault.Kind.REFUSED, Fault.Kind.RESET, Fault.Kind.HANG}
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
HALF_AN_ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{"id":"10'
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Dropped(ConnectionError):  # noqa: N818
    """There is no connection to close, as with Django's test client: the client gets this instead of an answer."""


def act(fault: Fault, request: HttpRequest) -> HttpResponse:
    match fault.kind:
        case Fault.Kind.REFUSED:
            return drop(request)
        case Fault.Kind.RESET:
            return drop(request, HALF_AN_ANSWER)
        case Fault.Kind.HANG:
            return drop(request, after=fault.seconds)
        case Fault.Kind.HTML_502:
            return HttpResponse(BAD_GATEWAY, status=502)
        case Fault.Kind.EMPTY_200:
            return HttpResponse(content_type="application/json")
        case Fault.Kind.NO_ID_200:
            return JsonResponse({"unexpected": True})
        case Fault.Kind.SUCCESS_FALSE:
            return JsonResponse({"success": False})
    error = error_of(fault)
    assert error
    return JsonResponse(error.as_json(), status=error.status)


def error_of(fault: Fault) -> GraphError | None:
    """None for a fault that is no answer of the Graph API."""
    if fault.kind == Fault.Kind.STATUS_500:
        return GraphError(1, "An unknown error occurred", status=500)
    if fault.kind == Fault.Kind.STATUS_503:
        return GraphError(2, "Service temporarily unavailable", status=503)
    if fault.kind != Fault.Kind.ERROR:
        return None
    return GraphError(
        fault.code,
        fault.message or f"(#{fault.code}) The sandbox was told to refuse this.",
        fault.subcode,
        status=fault.http_status,
        transient=fault.is_transient,
    )


def drop(request: HttpRequest, last_words: bytes = b"", after: float = 0) -> HttpResponse:
    """Close the connection of this request. The answer returned here reaches nobody."""
    with connection_of(request) as connection:
        select.select([connection], [], [], after)  # Ends early when the client hangs up.
        if last_words:
            connection.send(last_words)
            time.sleep(0.05)  # Let the client read them before the reset overtakes them.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        with suppress(OSError):  # The client was faster.
            connection.shutdown(socket.SHUT_RDWR)
    return HttpResponse(status=500)


def has_hung_up(request: HttpRequest) -> bool:
    """Whether the client was gone before it could be answered. False where there is no connection."""
    if peer_of(request) is None:
        return False
    try:
        with connection_of(request) as connection:
            return bool(select.select([connection], [], [], 0)[0]) and not connection.recv(1, socket.MSG_PEEK)
    except OSError:
        return True


def connection_of(request: HttpRequest) -> socket.socket:
    """No server hands out the socket that it reads from, so it is found among the open files by its other end."""
    peer = peer_of(request)
    for number in map(int, os.listdir("/dev/fd")):
        if candidate := socket_at(number):
            if peer and other_end(candidate) == peer:
                return candidate
            candidate.close()
    raise Dropped("The sandbox dropped this request.")


def socket_at(number: int) -> socket.socket | None:
    """A second handle to an open socket; None for what is no socket, or was closed meanwhile."""
    with suppress(OSError):
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            return socket.socket(fileno=os.dup(number))
    return None


def peer_of(request: HttpRequest) -> tuple[str, int] | None:
    scope = getattr(request, "scope", None)
    if scope and scope.get("client"):
        return tuple(scope["client"][:2])
    # WSGI does not tell the port of the client; wsgiref's socket lies below the stream of the body.
    read = getattr(request.META.get("wsgi.input"), "_read", None)
    raw = getattr(getattr(read, "__self__", None), "raw", None)
    connection = getattr(raw, "_sock", None)
    return other_end(connection) if connection else None


def other_end(candidate: socket.socket) -> tuple[str, int] | None:
    try:
        return candidate.getpeername()[:2]
    except OSError:
        return None
