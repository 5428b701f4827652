import subprocess

import pytest

from sophia import media
from sophia.models import Desk
from sophia.refusals import Refused

pytestmark = pytest.mark.django_db


def test_a_new_desk_marks_its_folder_and_knows_it_again():
    media.claim()
    media.claim()
    assert media.mark_of(Desk.here()).exists()
    assert media.problem() == ""


def test_a_folder_without_the_mark_is_refused_with_what_to_do(settings, tmp_path):
    media.claim()
    settings.MEDIA_ROOT = tmp_path / "not mounted"
    with pytest.raises(Refused, match="mount or restore the right one") as refused:
        media.claim()
    assert not settings.MEDIA_ROOT.exists()
    told = str(refused.value).rpartition("by hand: ")[2]
    subprocess.run(told, shell=True, check=True)
    media.claim()


def test_a_folder_that_goes_away_is_seen(settings, tmp_path):
    media.claim()
    settings.MEDIA_ROOT = tmp_path / "not mounted"
    assert "is not the one of this desk" in media.problem()


def test_a_folder_may_serve_several_desks():
    media.claim()
    first = media.mark_of(Desk.here())
    Desk.objects.all().delete()
    media.claim()
    assert first.exists()
    assert first != media.mark_of(Desk.here())


def test_a_folder_that_cannot_be_written_is_refused(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "a file"
    settings.MEDIA_ROOT.write_text("")
    with pytest.raises(Refused, match=r"is not writable .*Set SOPHIA_MEDIA"):
        media.claim()


def test_before_the_first_start_nothing_is_missing():
    assert media.problem() == ""
