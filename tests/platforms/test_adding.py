"""What docs/adding-a-platform.md says works, done: a third platform, from approval to the proof that it is gone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from publishing import handing_over
from publishing.models import Publication, SocialAccount
from publishing.platforms.base import Fate
from publishing.tasks import look_around
from sophia.refusals import NotAcceptable
from sophia.templatetags import preview
from tests import make
from tests.draining import carry_out, drain
from tests.platforms.letterbox import BOX, Note


@pytest.fixture
def letterbox(settings, monkeypatch, db):
    """The steps of the document. The choices stand for the line in `PlatformName`, which takes a migration too."""
    settings.SOPHIA_PLATFORMS = settings.SOPHIA_PLATFORMS | {"letterbox": "tests.platforms.letterbox.Letterbox"}
    field = SocialAccount._meta.get_field("platform")
    monkeypatch.setattr(field, "choices", [*SocialAccount.PlatformName.choices, ("letterbox", "Letter box")])
    monkeypatch.setitem(preview.FOLDS, "letterbox", preview.Fold(100, 3))
    monkeypatch.setitem(handing_over.NOTES, "letterbox", ("Fold it once.",))
    monkeypatch.setitem(handing_over.HOSTS, "letterbox", ("letterbox.example",))
    BOX.clear()
    return make.account("letterbox", "7")


@pytest.fixture
def live(letterbox, author, operator):
    return make.published(make.draft(letterbox, author), operator)


def test_it_is_approved_and_published(live):
    assert live.permalink == f"https://letterbox.example/{live.post_id}"
    assert (BOX[live.post_id].message, BOX[live.post_id].public) == ("Fresh bread at seven.", True)


def test_it_is_watched(live, clock):
    clock.tick(timedelta(minutes=6))
    look_around()
    drain()
    assert live.sightings.get().verdict == "live"


def test_it_is_taken_down_and_proved_gone(live, operator):
    BOX["another"] = Note(live.account.external_id, "It can be read, so that this one could be, too.", public=True)
    recovery = live.recover(by=operator, reason="Wrong price")
    carry_out(recovery)
    live.refresh_from_db()
    assert (live.state, recovery.is_proved, [*BOX]) == (Publication.State.RECOVERED, True, ["another"])
    assert [entry["verb"] for entry in recovery.evidence if entry["verb"] == "remove"] == ["remove"]


def test_its_limits_are_kept_when_it_is_submitted(letterbox, author):
    with pytest.raises(NotAcceptable, match="Letter box takes 200"):
        make.draft(letterbox, author, text="Bread. " * 40)


def test_what_became_of_a_lost_answer_is_found(letterbox, author, operator):
    publication = make.approved(make.draft(letterbox, author), operator)
    with letterbox.reaching() as platform:
        reference = platform.prepare(publication.outline())
        fates = [platform.find(publication.outline(), reference, timezone.now(), frozenset()).fate]
        platform.commit(publication.outline(), reference)
        fates.append(platform.find(publication.outline(), reference, timezone.now(), frozenset()).fate)
    assert fates == [Fate.NOT_LIVE, Fate.LIVE]


def test_its_pages_are_shown(letterbox, live, author, operator):
    browser = Client()
    browser.force_login(operator)
    for shown in (live, make.draft(letterbox, author, text="Another.")):
        assert "Letter box" in browser.get(shown.get_absolute_url()).text
