"""Whose post is it: what is taken for ours, and what a person must say."""

from tests.mutations.mutation import Mutation

WHOSE = "tests/publishing/test_whose_post.py::"
FIND = "tests/platforms/test_facebook_find.py::"
GRAM = "tests/platforms/test_instagram_find.py::"
HANDED = "tests/publishing/test_handing_over.py::"

MUTATIONS = [
    Mutation(
        "publishing/platforms/ownership.py",
        "if post.made_at >= since and ",
        "if ",
        f"{FIND}test_absence_from_the_lists_proves_nothing",
    ),
    Mutation(
        "publishing/platforms/ownership.py",
        "if post.photos == ours and post.receipt",
        "if post.photos & ours and post.receipt",
        f"{FIND}test_a_post_that_shows_other_photos_as_well_is_not_proved_to_be_ours",
    ),
    Mutation(
        "publishing/platforms/ownership.py",
        "post.photos == ours and post.receipt.post_id not in taken)",
        "post.photos == ours)",
        f"{FIND}test_photos_of_another_publication_prove_nothing",
    ),
    Mutation(
        "publishing/platforms/ownership.py",
        "or (app and post.application and post.application != app)",
        "or False",
        f"{FIND}test_absence_from_the_lists_proves_nothing",
    ),
    Mutation(
        "publishing/platforms/ownership.py",
        "(post.images is None and bool(likeness.words(content.message)))",
        "post.images is None",
        f"{GRAM}test_a_post_without_words_is_a_weak_candidate_where_its_images_are_as_many",
    ),
    Mutation(
        "publishing/platforms/facebook.py",
        "return Finding(Fate.UNSURE, candidates=found)",
        "return Finding(Fate.LIVE, found[0].receipt) if found else Finding(Fate.UNSURE)",
        f"{FIND}test_the_words_and_time_of_a_direct_post_are_no_proof",
    ),
    Mutation(
        "publishing/platforms/graph.py",
        "return moment + self.skew",
        "return moment",
        f"{FIND}test_a_clock_that_is_ahead_is_known_by_the_date_of_its_answers",
    ),
    Mutation(
        "publishing/models/removing.py",
        "if not publication.identity_is_proved:",
        "if False:",
        f"{WHOSE}test_what_was_found_by_its_words_is_not_deleted_before_a_person_has_seen_it",
    ),
    Mutation(
        "publishing/models/identity.py",
        "return bool(self.post_id) and self.known_by in PROVED",
        "return bool(self.post_id)",
        f"{WHOSE}test_what_was_found_by_its_words_is_not_deleted_before_a_person_has_seen_it",
    ),
    Mutation(
        "publishing/models/identity.py",
        "            self.ask_which()\n",
        "            pass\n",
        f"{WHOSE}test_what_is_public_without_a_known_id_is_published_at_once_and_a_person_is_asked",
    ),
    Mutation(
        "publishing/models/identity.py",
        "self.candidates.filter(refused_at=None)",
        "self.candidates.all()",
        f"{WHOSE}test_a_refused_candidate_is_not_offered_again",
    ),
    Mutation(
        "publishing/models/naming.py",
        "            self.require_own(candidate.receipt)\n",
        "",
        f"{WHOSE}test_a_post_of_another_publication_is_neither_offered_nor_taken",
    ),
    Mutation(
        "publishing/models/naming.py",
        "            if not recovery.is_executing:\n                recovery.resume()",
        "            pass",
        f"{WHOSE}test_a_take_down_goes_on_once_a_person_has_said_which_post_it_is",
    ),
    Mutation(
        "publishing/models/reconciliation.py",
        " or now > turn:",
        ":",
        "tests/publishing/test_reconcile.py::test_a_look_that_outlived_its_lease_does_not_count",
    ),
    Mutation(
        "publishing/models/reconciliation.py",
        "        if self.damage():\n            return Finding(Fate.UNSURE)\n",
        "",
        "tests/publishing/test_reconcile.py::test_a_changed_row_settles_no_doubtful_post",
    ),
    Mutation(
        "publishing/handing_over.py",
        "    doubt = blind or alike(publication) or",
        "    doubt = alike(publication) or",
        f"{HANDED}test_a_look_that_failed_is_no_look",
    ),
    Mutation(
        "publishing/handing_over.py",
        "blind or alike(publication) or cannot_tell(publication, found)",
        "blind or cannot_tell(publication, found)",
        f"{HANDED}test_not_live_is_safe_on_the_direct_way_too",
    ),
    Mutation(
        "publishing/models/attempt.py",
        "if not error.repeats or self.others_in_doubt().exists():",
        "if not error.repeats:",
        f"{WHOSE}test_a_refusal_of_a_repeat_may_be_about_ours_after_a_doubt",
    ),
]
