import re

import pytest

from sophia.signin.middleware import POLICY
from tests.pages.browsing import IN_A_BROWSER, browser, complaints_of, open_tab  # noqa: F401
from tests.pages.everywhere import client_pages, everywhere  # noqa: F401

EVERY = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ADMIN = ["/admin/", "/admin/approval/draft/", "/admin/publishing/publication/", "/admin/publishing/socialaccount/add/"]
INLINE = re.compile(r"<script(?![^>]*src=)[^>]*>(?!\s*</)|\son\w+=\"|\sstyle=\"|javascript:", re.IGNORECASE)


def check(path, answer):
    for name, value in EVERY.items():
        assert answer[name] == value, (path, name)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy, path
    assert "frame-ancestors 'none'" in policy, path
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}, path
    assert "camera=()" in answer["Permissions-Policy"], path


def test_every_page_says_what_a_browser_may_do_with_it(desk, everywhere):  # noqa: F811
    for path in [*everywhere, *ADMIN, "/healthz", "/nowhere", "/admin/nowhere/"]:
        answer = desk.get(path)
        check(path, answer)
        if "dossier" not in path:
            assert "unsafe" not in answer["Content-Security-Policy"], path
            assert not INLINE.search(answer.content.decode()), path


@pytest.mark.django_db
def test_a_visitor_gets_them_too(client):
    for path in ("/login/", "/queue/", "/c/nothing/", "/nowhere"):
        check(path, client.get(path))


def test_the_policy_lets_nothing_run_that_is_not_ours():
    assert "script-src 'self'" in POLICY
    assert "unsafe" not in POLICY
    assert "data:" not in POLICY


@pytest.mark.parametrize("path", ["/queue/", "/notices/", "/review/"])
def test_no_page_sends_elsewhere_by_its_parameters(desk, path):
    for name in ("next", "back", "link", "url"):
        answer = desk.get(path, {name: "https://evil.example/"})
        assert "evil.example" not in answer.headers.get("Location", "")
