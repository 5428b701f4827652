"""Pictures of posts that lie on a platform's own servers, on the one page that shows them."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import HttpResponse

from publishing.models import Candidate
from sophia.signin.middleware import POLICY

HOST = re.compile(r"[a-z0-9.-]+(:\d+)?")


def let_in(response: HttpResponse, shown: Iterable[Candidate]) -> HttpResponse:
    """The page may load images from the hosts of exactly these pictures, beside its own."""
    addresses = [urlsplit(candidate.picture) for candidate in shown]
    hosts = {each.netloc for each in addresses if each.scheme == "https" and HOST.fullmatch(each.netloc)}
    if hosts:
        sources = " ".join(f"https://{host}" for host in sorted(hosts))
        response["Content-Security-Policy"] = POLICY.replace("img-src 'self'", f"img-src 'self' {sources}")
    return response
