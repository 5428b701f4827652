import pytest
from django.utils import timezone

from publishing.dossier.packet import Dossier
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from tests import make
from tests.draining import carry_out
from tests.pages.browsing import browser  # noqa: F401

HOSTILE = 'Pão “quente” às 7h 🥖\n\n\'quoted\' "twice" \\ back\\slash\t& </style><script>alert("1")</script>\x7f\u2028é'


@pytest.fixture
def hostile(page, author, operator):
    """Edited, approved, failed once, published, read back; with words that would like to be more than words."""
    pictures = [(make.image(), '"><script>alert(2)</script>'), (make.image("navy"), "")]
    draft = make.draft(page, author, text="First words.", pictures=pictures, title="<i>Bread</i>")
    typed = {"text": HOSTILE, "link": "https://lua.example/?a=1&b=2", "pictures": pictures}
    draft.edit(by=author, digest=draft.digest(), note="<script>alert(3)</script>", **typed)
    publication = make.approved(draft, operator, note="Olga's <b>note</b>")
    memory.fail_next("commit", PlatformError(Kind.RETRY, "Facebook <script>is</script> down.", code=2, trace_id="T1"))
    for _ in range(2):
        make.behind_the_back(publication, publish_at=timezone.now())
        publication.publish()
    make.behind_the_back(publication, watch_at=timezone.now())
    publication.watch()
    publication.refresh_from_db()
    assert publication.is_live
    return publication


@pytest.fixture
def taken_down(hostile, operator):
    carry_out(hostile.recover(by=operator, reason="Wrong <script>price</script>"))
    hostile.refresh_from_db()
    return hostile


@pytest.fixture
def saved(tmp_path):
    """The two files of a dossier, in one folder, as a client has them."""

    def save(publication):
        dossier = Dossier.of(publication)
        page, data = tmp_path / f"{dossier.name}.html", tmp_path / f"{dossier.name}.json"
        page.write_text(dossier.html(), encoding="utf-8")
        data.write_text(dossier.json(), encoding="utf-8")
        return dossier, page, data

    return save
