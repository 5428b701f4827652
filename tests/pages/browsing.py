"""A real browser for tests, and tabs in which somebody is signed in."""

import os
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
# Milliseconds. Machines are loaded: nobody waits longer than it takes.
expect.set_options(timeout=30_000)
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs /usr/bin/chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser():
    # Playwright keeps a loop running in this thread, which Django would take for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
        # While that loop runs, Django keeps connections apart. Nobody would find these again to close them.
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_tab(asgi_server, browser):
    """Opens a page as a person, in a browser of their own."""
    contexts = []

    def open_one(person, path, **options):
        session = Client()
        session.force_login(person)
        contexts.append(browser.new_context(base_url=asgi_server.url, **options))
        cookie = {"name": "sessionid", "value": session.cookies["sessionid"].value, "url": asgi_server.url}
        contexts[-1].add_cookies([cookie])
        contexts[-1].set_default_timeout(10_000)
        tab = contexts[-1].new_page()
        tab.goto(path)
        return tab

    yield open_one
    for context in contexts:
        context.close()


def complaints_of(tab):
    """What the scripts of its pages complain of, from now on."""
    heard = []
    tab.on("pageerror", lambda error: heard.append(f"{tab.url}: {error}"))
    tab.on("console", lambda said: said.type == "error" and heard.append(f"{tab.url}: {said.text}"))
    return heard


def wait_for(tab, script):
    """Until the script says so. Not Playwright's own way: that one is an eval, which no page of ours allows."""
    for _ in range(300):
        if tab.evaluate(script):
            return
        tab.wait_for_timeout(100)
    raise AssertionError(f"waited in vain for {script}")
