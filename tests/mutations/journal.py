"""Preparing as a journal: claims that are asked again, seals, and what is never removed."""

from tests.mutations.mutation import Mutation

JOURNAL, LEFTOVERS = "tests/publishing/test_journal.py", "tests/publishing/test_leftovers.py"
UNSEEN = "tests/platforms/test_unseen.py"

MUTATIONS = [
    Mutation(
        "publishing/models/journal.py",
        "            self.publication.hold_on(self.token)\n            preparation, now",
        "            preparation, now",
        f"{JOURNAL}::test_a_worker_that_has_lost_its_claim_makes_nothing",
    ),
    Mutation(
        "publishing/models/journal.py",
        "            with transaction.atomic():\n                self.publication.hold_on(self.token)\n",
        "            pass\n",
        f"{JOURNAL}::test_what_is_made_after_the_claim_is_lost_is_removed",
    ),
    Mutation(
        "publishing/models/journal.py",
        "            self.intended[name].preparation.come_by()\n",
        "",
        f"{JOURNAL}::test_what_turns_up_after_it_was_cleared_away_is_removed",
    ),
    Mutation(
        "publishing/models/journal.py",
        "if step and step.external_id and not step.is_ours:",
        "if not step:",
        f"{JOURNAL}::test_a_step_that_was_changed_behind_the_back_is_not_used",
    ),
    Mutation(
        "publishing/models/step.py",
        '"sent", "settled_at", "seal"]',
        '"sent", "seal"]',
        f"{JOURNAL}::test_what_turns_up_after_it_was_cleared_away_is_removed",
    ),
    Mutation(
        "publishing/models/clearing.py",
        "            if not step.is_ours:\n",
        "            if not step:\n",
        f"{JOURNAL}::test_a_step_that_was_changed_behind_the_back_is_not_removed",
    ),
    Mutation(
        "publishing/models/clearing.py",
        " for external_id in sought.found if not self.knows(external_id)]",
        " for external_id in sought.found]",
        f"{LEFTOVERS}::test_what_a_twin_has_prepared_is_no_orphan",
    ),
    Mutation(
        "publishing/models/clearing.py",
        "if sought.found and self.others_are_made():",
        "if not sought:",
        f"{LEFTOVERS}::test_what_another_worker_is_about_to_write_down_is_no_orphan",
    ),
    Mutation(
        "publishing/models/clearing.py",
        "filter(pk=self.pk, next_at__lte=now)",
        "filter(pk=self.pk)",
        f"{LEFTOVERS}::test_two_workers_do_not_clear_the_same_away",
    ),
    Mutation(
        "publishing/models/queue.py",
        "self.filter(free, over, due, Q(prepared_at",
        "self.filter(over, due, Q(prepared_at",
        f"{JOURNAL}::test_what_a_worker_holds_is_not_cleared_away",
    ),
    Mutation(
        "publishing/models/preparing.py",
        "        if self.claim_token != token:\n            return False\n",
        "",
        f"{JOURNAL}::test_a_quiet_claim_is_given_back_by_its_owner_alone",
    ),
    Mutation(
        "publishing/models/preparing.py",
        "not self.claimed_until or self.claimed_until >= timezone.now():",
        "not self.claimed_until:",
        f"{JOURNAL}::test_a_live_lease_is_left_alone",
    ),
    Mutation(
        "publishing/models/preparing.py",
        "elif found.fate in {Fate.NOT_LIVE, Fate.ABSENT}:",
        "elif found.fate:",
        f"{JOURNAL}::test_what_nobody_can_tell_keeps_its_reference_when_it_is_cleared_away",
    ),
    Mutation(
        "publishing/models/attempt.py",
        '            self.save(update_fields=["committing_at", "way"])\n',
        "",
        f"{JOURNAL}::test_a_worker_killed_in_the_direct_commit_never_publishes_twice",
    ),
    Mutation(
        "publishing/platforms/facebook.py",
        'and before.get("is_published") is not False:\n            return False',
        'and before.get("is_published") is True:\n            return False',
        "tests/platforms/test_facebook_remove.py::test_discarding_never_touches_what_may_be_public",
    ),
    Mutation(
        "publishing/platforms/unseen.py",
        "            and app == made_by(item)\n",
        "",
        f"{UNSEEN}::test_what_differs_in_one_thing_is_not",
    ),
    Mutation(
        "publishing/platforms/facebook.py",
        'and self.seen(story, "id") is not None:\n            return False',
        "and not self.account:\n            return False",
        "tests/platforms/test_facebook_remove.py::test_a_photo_that_some_post_shows_stays",
    ),
    Mutation(
        "publishing/platforms/unseen.py",
        "created >= since.replace(microsecond=0)",
        "True",
        f"{UNSEEN}::test_what_differs_in_one_thing_is_not",
    ),
    Mutation(
        "publishing/platforms/unseen.py",
        "== len(content.images) and ours",
        "== len(content.images)",
        f"{UNSEEN}::test_what_differs_in_one_thing_is_not",
    ),
]
