"""Is it gone, and take-downs that never give up."""

from tests.mutations.mutation import Mutation

GONE, ON = "tests/publishing/test_gone.py", "tests/publishing/test_never_give_up.py"
FILED, BACK = "tests/publishing/test_filed.py", "tests/publishing/test_returned.py"
FACEBOOK = "tests/platforms/test_facebook_remove.py"
META = "publishing/platforms/meta.py"
ABSENCE = "publishing/platforms/absence.py"
STAGES, REMOVING = "publishing/models/stages.py", "publishing/models/removing.py"
RECOVERY, AFTERMATH = "publishing/models/recovery.py", "publishing/models/aftermath.py"

MUTATIONS = [
    Mutation(
        ABSENCE,
        "return self.sight is Sight.GONE and bool(self.control)",
        "return self.sight is Sight.GONE",
        f"{GONE}::test_a_post_that_is_hidden_from_this_token_is_not_called_gone",
    ),
    Mutation(
        ABSENCE,
        'return "" if deleted or seen else NEVER_SEEN',
        'return ""',
        f"{GONE}::test_what_nobody_deleted_and_this_token_never_saw_is_not_gone",
    ),
    Mutation(
        META,
        "if tail(post_id) in map(tail, listed or ()):",
        "if False:",
        f"{FACEBOOK}::test_what_a_list_still_shows_is_not_gone",
    ),
    Mutation(
        META,
        'return post is not None and post.get("is_published") is not False\n',
        "return post is not None\n",
        f"{FACEBOOK}::test_a_control_that_is_not_public_is_none",
    ),
    Mutation(
        META,
        "if tail(each) != tail(post_id)]",
        "if each]",
        f"{FACEBOOK}::test_the_post_itself_is_never_its_own_control",
    ),
    Mutation(
        REMOVING,
        "        if not doubt:",
        "        if True:",
        f"{GONE}::test_what_nobody_deleted_and_this_token_never_saw_is_not_gone",
    ),
    Mutation(
        REMOVING,
        "seen_here = self.last_live_at is not None and self.last_live_at >= since",
        "seen_here = self.last_live_at is not None",
        f"{GONE}::test_what_another_token_saw_is_not_what_this_one_would_see",
    ),
    Mutation(
        "publishing/models/account.py",
        "                self.token_since = timezone.now()\n",
        "                pass\n",
        f"{GONE}::test_another_token_has_seen_nothing_yet",
    ),
    Mutation(
        REMOVING,
        "return lasts and self.claim_token == token and",
        "return lasts and",
        f"{ON}::test_a_worker_whose_step_another_has_taken_over_writes_nothing",
    ),
    Mutation(
        REMOVING,
        "return lasts and self.claim_token == token and",
        "return self.claim_token == token and",
        f"{ON}::test_a_worker_that_comes_back_after_its_lease_writes_nothing",
    ),
    Mutation(
        REMOVING,
        "even_throttled=True",
        "even_throttled=False",
        f"{ON}::test_a_throttle_on_publishing_does_not_hold_a_removal",
    ),
    Mutation(
        REMOVING,
        "min(error.wait or LINGERING[-1], AT_MOST)",
        "(error.wait or LINGERING[-1])",
        f"{ON}::test_a_removal_that_is_told_to_wait_waits_an_hour_at_most",
    ),
    Mutation(
        STAGES,
        "return times[min(tries, len(times)) - 1]",
        "return times[tries - 1] if tries <= len(times) else timedelta(days=9999)",
        f"{ON}::test_it_goes_on_more_and_more_slowly_for_ever",
    ),
    Mutation(
        RECOVERY,
        "state__in=[Stage.PENDING, Stage.FAILED, Stage.MANUAL], executed_by__isnull=False)",
        "state__in=[Stage.PENDING, Stage.FAILED, Stage.MANUAL])",
        f"{ON}::test_connecting_an_account_starts_nothing_that_nobody_has_decided",
    ),
    Mutation(
        RECOVERY,
        "return self.open().filter(due)",
        "return self.filter(due, state=Stage.MANUAL)",
        f"{ON}::test_after_the_quick_tries_a_person_is_told_urgently_with_the_link_and_reminded",
    ),
    Mutation(
        RECOVERY,
        "if not self.can_be_witnessed:",
        "if False:",
        f"{GONE}::test_nobody_may_say_so_where_sophia_sees_it",
    ),
    Mutation(
        AFTERMATH,
        "if self.state != Stage.COMPLETED or self.look_again_at != turn:",
        "if self.state != Stage.COMPLETED:",
        f"{BACK}::test_a_look_that_comes_back_too_late_writes_nothing",
    ),
    Mutation(
        "publishing/gates.py",
        '    return Stop(said, "give_way")',
        "    return Go()",
        f"{FILED}::test_it_is_asked_again_between_the_claim_and_the_commit",
    ),
    Mutation(
        REMOVING,
        "            if not self.publication.is_live:\n",
        "            if False:\n",
        f"{FILED}::test_a_worker_does_not_remove_what_is_not_out",
    ),
    Mutation(
        "publishing/models/watching.py",
        "        Recovery.objects.filter(publication=self.pk).begin_now()\n",
        "",
        f"{FILED}::test_it_begins_however_it_is_known_to_be_out",
    ),
]
