"""A post that is found is ours only if it proves it. Where nothing does, a person says which post it is."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from publishing import handing_over, tasks
from publishing.invariants import unidentified
from publishing.models import Candidate, Identification, Publication, Recovery
from publishing.platforms import memory
from publishing.platforms.base import Content, Kind, PlatformError
from publishing.pulse import Pulse
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, Refused, WrongState
from tests import make
from tests.draining import carry_out, drain

State = Publication.State
KnownBy = Publication.KnownBy
LOST = PlatformError(Kind.UNKNOWN, "The line went dead.")
LINK = "https://www.facebook.com/1001/posts/77"


@pytest.fixture
def nameless(publication, clock):
    """Public for certain, and the platform does not say which post it is."""
    memory.shown["nameless"] = True
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    look(publication, clock)
    publication.refresh_from_db()
    assert publication.is_live
    return publication


@pytest.fixture
def by_words(publication):
    """Found by its words, when that still counted."""
    publication.publish()
    make.behind_the_back(publication, known_by=KnownBy.LIKENESS)
    publication.refresh_from_db()
    facts = {"permalink": publication.permalink, "message": publication.text}
    Candidate.objects.create(publication=publication, post_id=publication.post_id, **facts)
    return publication


@pytest.fixture
def foreign(page):
    """A post that a person made on the account themselves."""

    def post(text="Fresh bread at seven.", link="", seconds=0):
        at = timezone.now() - timedelta(seconds=seconds)
        content = Content(text)
        memory.outbox.append(
            memory.Posted(f"1001_9{len(memory.outbox)}", "1001", content, {"way": "app"}, at, link=link)
        )
        return memory.outbox[-1]

    return post


def look(publication, clock, seconds=31):
    clock.tick(timedelta(seconds=seconds))
    Publication.objects.get(pk=publication.pk).reconcile()


def take_down(publication, by):
    recovery = publication.recover(by=by, reason="Wrong price.")
    carry_out(recovery)
    return recovery


def test_what_the_platform_answered_is_known_by_that(publication):
    publication.publish()
    publication.refresh_from_db()
    assert publication.identity_is_proved
    assert publication.known_how == "said by the platform when it went out"


def test_what_was_prepared_and_is_public_is_known_by_that(publication, clock):
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    look(publication, clock)
    publication.refresh_from_db()
    assert (publication.known_by, publication.identity_is_proved) == (KnownBy.REFERENCE, True)


def test_what_is_public_without_a_known_id_is_published_at_once_and_a_person_is_asked(nameless, operator):
    assert (nameless.post_id, nameless.known_by) == ("", "")
    assert Notice.objects.filter(kind="publication.unidentified", urgent=True).count() == 1
    assert nameless.needs_a_person
    assert list(Publication.objects.needing_a_person()) == [nameless]
    assert Pulse(operator).needy == 1
    assert [found.key for found in unidentified(timezone.now())] == [f"unidentified:{nameless.pk}"]


def test_a_commit_that_finds_it_public_already_publishes_it_without_an_id(publication, clock):
    memory.shown["nameless"] = True
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    make.behind_the_back(publication, state=State.QUEUED, reconcile_at=None, claimed_until=None)
    Publication.objects.get(pk=publication.pk).publish()
    publication.refresh_from_db()
    assert (publication.state, publication.post_id) == (State.PUBLISHED, "")
    assert publication.is_unidentified
    assert len(memory.outbox) == 1


def test_a_person_names_it_and_it_is_watched_from_then_on(nameless, operator, outbox):
    [candidate] = nameless.offered()
    nameless.identify(candidate, by=operator)
    nameless.refresh_from_db()
    assert (nameless.post_id, nameless.permalink) == (outbox[0].post_id, outbox[0].receipt.permalink)
    assert nameless.known_how == "named by olga, who saw it"
    assert nameless.watch_at
    assert not nameless.needs_a_person
    with pytest.raises(WrongState):
        nameless.identify(candidate, by=operator)


def test_who_may_neither_settle_nor_take_down_names_nothing(nameless, viewer, author):
    for person in (viewer, author):
        with pytest.raises(NotAllowed):
            nameless.identify(nameless.offered()[0], by=person)
        with pytest.raises(NotAllowed):
            nameless.refuse_candidate(nameless.offered()[0], by=person)


def test_a_post_of_another_publication_is_neither_offered_nor_taken(nameless, page, author, operator, clock):
    memory.shown.clear()
    other = make.published(make.draft(page, author, text="Rolls."), operator)
    taken = Candidate.objects.create(publication=nameless, post_id=other.post_id)
    assert taken not in nameless.offered()
    with pytest.raises(Refused, match=f"belongs to Publication {other.pk}"):
        nameless.identify(taken, by=operator)


def test_a_refused_candidate_is_not_offered_again(nameless, operator, clock):
    nameless.refuse_candidate(nameless.offered()[0], by=operator)
    clock.tick(timedelta(minutes=1))
    tasks.look_around()
    assert nameless.offered() == []
    assert nameless.identifications.get().looks == 1


def test_a_post_made_before_is_not_offered_nor_one_that_reads_otherwise(publication, foreign, clock, page):
    page.use_direct_way()
    foreign(seconds=60)
    memory.fail_next("commit", LOST)
    publication.publish()
    foreign("Stale bread.")
    look(publication, clock)
    publication.refresh_from_db()
    assert (publication.state, publication.offered()) == (State.UNCONFIRMED, [])


def test_it_is_looked_for_again_and_again_and_then_a_person_has_it_alone(nameless, clock):
    looked_at = []
    for minutes in (1, 4, 55, 23 * 60, 48 * 60):
        clock.tick(timedelta(minutes=minutes))
        for row in Identification.objects.due(timezone.now()):
            row.look()
        looked_at.append(nameless.identifications.get().looks)
    assert looked_at == [1, 2, 3, 4, 4]
    assert nameless.needs_a_person


def test_a_list_that_shows_it_late_offers_it_then(publication, clock, foreign):
    memory.shown["nameless"] = True
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    memory.outbox[0].live = False
    make.behind_the_back(publication, state=State.PUBLISHED, published_at=timezone.now())
    now = timezone.now()
    Identification.objects.create(publication=publication, opened_at=now, next_at=now + timedelta(minutes=1))
    assert publication.offered() == []
    memory.outbox[0].live = True
    clock.tick(timedelta(minutes=1))
    tasks.look_around()
    assert [each.post_id for each in publication.offered()] == [memory.outbox[0].post_id]


def test_a_look_for_it_that_fails_is_no_look(nameless, clock):
    memory.fail_next("find", PlatformError(Kind.RETRY, "Facebook is down."))
    clock.tick(timedelta(minutes=1))
    tasks.look_around()
    row = nameless.identifications.get()
    assert (row.looks, row.next_at) == (0, timezone.now() + timedelta(minutes=10))


def test_nothing_is_deleted_while_nobody_knows_which_post_it_is(nameless, operator, outbox, foreign):
    foreign()
    recovery = take_down(nameless, operator)
    assert recovery.state == Recovery.State.MANUAL
    assert [posted.live for posted in outbox] == [True, True]
    assert "https://memory.example/of/1001" in recovery.note
    assert "begins “Fresh bread at seven.”" in recovery.note


def test_a_take_down_goes_on_once_a_person_has_said_which_post_it_is(nameless, operator, outbox, foreign):
    other = foreign()
    recovery = take_down(nameless, operator)
    nameless.identify(nameless.offered()[0], by=operator)
    carry_out(recovery)
    nameless.refresh_from_db()
    assert (nameless.state, recovery.state) == (State.RECOVERED, Recovery.State.COMPLETED)
    assert other.live
    assert not outbox[0].live


def test_what_was_found_by_its_words_is_not_deleted_before_a_person_has_seen_it(by_words, operator, outbox):
    recovery = take_down(by_words, operator)
    assert (recovery.state, recovery.next_at, outbox[0].live) == (Recovery.State.MANUAL, None, True)
    assert by_words.permalink in recovery.note
    by_words.identify(by_words.offered()[0], by=operator)
    carry_out(recovery)
    assert (recovery.state, outbox[0].live) == (Recovery.State.COMPLETED, False)


def test_what_was_found_by_its_words_and_waited_for_a_look_is_left_to_a_person_once(by_words, operator, clock):
    recovery = take_down(by_words, operator)
    make.behind_the_back(recovery, note="An older note.", next_at=timezone.now())
    for _ in range(3):
        tasks.sweep()
        drain()
        clock.tick(timedelta(minutes=3))
    recovery.refresh_from_db()
    assert (recovery.state, recovery.next_at, recovery.claimed_until) == (Recovery.State.MANUAL, None, None)
    assert by_words.permalink in recovery.note
    assert Notice.objects.filter(kind="recovery.manual_needed", sentence__startswith="A person must").count() == 2


def test_what_was_found_by_its_words_and_is_not_ours_is_looked_for(by_words, operator):
    by_words.refuse_candidate(by_words.offered()[0], by=operator)
    by_words.refresh_from_db()
    assert (by_words.post_id, by_words.permalink, by_words.watch_at) == ("", "", None)
    assert by_words.is_unidentified


def test_reconnecting_takes_nothing_up_that_nobody_has_named(nameless, operator):
    recovery = take_down(nameless, operator)
    nameless.account.connect(token="another")
    recovery.refresh_from_db()
    assert (recovery.state, recovery.next_at) == (Recovery.State.MANUAL, None)


def test_a_pasted_link_names_it(nameless, operator, foreign):
    posted = foreign(link=LINK)
    assert handing_over.named(nameless, by=operator, link=LINK) == "Its text is what was approved."
    nameless.refresh_from_db()
    assert (nameless.post_id, nameless.known_by) == (posted.post_id, KnownBy.PERSON)


def test_a_pasted_link_is_looked_at_again_when_sophia_does_not_see_it_yet(nameless, operator, foreign, clock):
    handing_over.named(nameless, by=operator, link=LINK)
    assert nameless.is_unidentified
    posted = foreign(link=LINK)
    tasks.look_around()
    nameless.refresh_from_db()
    assert (nameless.post_id, nameless.known_how) == (posted.post_id, "named by olga, who saw it")


def test_what_is_behind_a_pasted_link_and_reads_otherwise_is_for_a_person(nameless, operator, foreign, clock, outbox):
    recovery = take_down(nameless, operator)
    handing_over.named(nameless, by=operator, link=LINK)
    posted = foreign("Stale bread.", link=LINK)
    for _ in range(2):
        nameless.identifications.update(next_at=timezone.now())
        tasks.look_around()
    carry_out(recovery)
    nameless.refresh_from_db()
    assert (nameless.post_id, posted.live) == ("", True)
    assert posted.post_id in [each.post_id for each in nameless.offered()]
    assert Notice.objects.filter(kind="publication.unidentified", sentence__contains="reads otherwise").count() == 1


def test_what_a_person_refused_is_not_taken_from_behind_a_link(nameless, operator, foreign, clock):
    handing_over.named(nameless, by=operator, link=LINK)
    posted = foreign(link=LINK)
    refused = Candidate.objects.create(publication=nameless, post_id=posted.post_id)
    nameless.refuse_candidate(refused, by=operator)
    tasks.look_around()
    nameless.refresh_from_db()
    assert nameless.is_unidentified


def test_a_link_that_was_changed_during_the_look_is_not_believed(nameless, operator, foreign, clock):
    handing_over.named(nameless, by=operator, link=LINK)
    posted = foreign(link=LINK)
    slow = Publication.objects.get(pk=nameless.pk)
    nameless.keep_link(f"{LINK}8", by=operator)
    slow.look_behind_link(posted.link, timezone.now())
    assert slow.is_unidentified


def test_what_was_taken_down_by_hand_is_not_asked_about_any_more(nameless, operator):
    take_down(nameless, operator)
    nameless.witness_gone(by=operator, note="I looked.")
    nameless.refresh_from_db()
    assert nameless.state == State.RECOVERED
    assert not nameless.needs_a_person


def test_it_may_stay_unknown_with_a_reason(nameless, operator):
    with pytest.raises(Refused):
        nameless.leave_unidentified(by=operator, note=" ")
    nameless.leave_unidentified(by=operator, note="The client has no list of it.")
    assert not Publication.objects.needing_a_person().exists()
    assert not nameless.identity_is_proved


def test_the_page_shows_candidates_with_their_buttons(desk, nameless):
    [candidate] = nameless.offered()
    Candidate.objects.update(picture="https://cdn.example/1.jpg")
    answer = desk.get(nameless.get_absolute_url())
    page = answer.content.decode()
    assert "Sophia does not know which post it is" in page
    assert candidate.permalink in page
    assert "img-src 'self' https://cdn.example;" in answer["Content-Security-Policy"]
    desk.post(reverse("publishing:not_ours", args=[nameless.pk]), {"candidate": candidate.pk})
    assert nameless.offered() == []
    desk.post(reverse("publishing:ours", args=[nameless.pk]), {"candidate": candidate.pk})
    nameless.refresh_from_db()
    assert nameless.known_by == KnownBy.PERSON


def test_a_picture_adds_no_more_than_its_host_to_what_a_page_may_load(desk, nameless):
    Candidate.objects.update(picture="https://cdn.example;script-src *'/1.jpg")
    assert "cdn.example" not in desk.get(nameless.get_absolute_url())["Content-Security-Policy"]


def test_a_candidate_of_another_publication_cannot_be_named_here(desk, nameless, page, author, operator):
    other = make.approved(make.draft(page, author, text="Rolls."), operator)
    alien = Candidate.objects.create(publication=other, post_id="1001_55")
    answer = desk.post(reverse("publishing:ours", args=[nameless.pk]), {"candidate": alien.pk})
    assert answer.status_code == 404


def test_commands_and_dossier_say_how_it_is_known(by_words, operator, capsys):
    call_command("queue")
    assert "found by its words: nobody has confirmed it" in capsys.readouterr().out
    call_command("dossier", str(by_words.pk), "--json")
    assert "was found by its words: nobody has confirmed it." in capsys.readouterr().out


def test_a_refusal_of_a_repeat_is_a_refusal_where_nothing_was_in_doubt(publication):
    memory.fail_next("commit", repeat())
    publication.publish()
    publication.refresh_from_db()
    assert publication.state == State.FAILED
    assert "Change the words" in publication.reason
    assert "not known" not in publication.reason


def test_a_refusal_of_a_repeat_may_be_about_ours_after_a_doubt(publication, page, operator, clock):
    page.use_direct_way()
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    publication.refresh_from_db()
    publication.deny_by_hand(by=operator)
    memory.fail_next("commit", repeat())
    clock.tick(timedelta(seconds=1))
    Publication.objects.get(pk=publication.pk).publish()
    publication.refresh_from_db()
    assert publication.state == State.UNCONFIRMED


def repeat():
    said = "Facebook says that it already has a post with the same words. Whether the post is public is not known yet."
    return PlatformError(Kind.UNKNOWN, said, code=506, repeats=True)


def test_rows_from_before_say_how_their_post_is_known(publication, page, author, operator):
    publication.publish()
    guessed = make.published(make.draft(page, author, text="Rolls."), operator)
    guessed.attempts.update(outcome="unknown")
    make.behind_the_back(guessed, reference={"way": "direct"})
    by_hand = make.published(make.draft(page, author, text="Cake."), operator)
    by_hand.attempts.update(outcome="unknown")
    make.behind_the_back(by_hand, mode="manual")
    nobody = make.published(make.draft(page, author, text="Tea."), operator)
    make.behind_the_back(nobody, post_id="")
    Publication.objects.update(known_by="")
    step = import_module("publishing.migrations.0019_found_by_words")
    step.tell_how_it_is_known(apps, None)
    step.ask_which(apps, None)
    known = dict(Publication.objects.values_list("pk", "known_by"))
    assert known == {publication.pk: "answer", guessed.pk: "likeness", by_hand.pk: "person", nobody.pk: ""}
    assert [each.post_id for each in guessed.offered()] == [guessed.post_id]
    assert list(Publication.objects.unidentified()) == [nobody]
