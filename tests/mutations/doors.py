"""Times that have passed, people who are told, accounts that change hands."""

from tests.mutations.mutation import Mutation

PASSED = "tests/approval/test_passed_times.py"
TURNED_DOWN = "tests/approval/test_turned_down.py"
MISSED = "tests/publishing/test_missed_together.py"
CONNECT = "tests/commands/test_connect.py"
SENDING = "tests/notices/test_sending.py"
SHARED = "tests/publishing/test_shared_token.py"

MUTATIONS = [
    Mutation(
        "approval/suggesting.py",
        "        if self.needs_a_time:\n            raise TimePassed",
        "        if False:\n            raise TimePassed",
        f"{PASSED}::test_the_verb_refuses_to_guess",
    ),
    Mutation(
        "approval/suggesting.py",
        "self.suggested_at < timezone.now() - MEANS_NOW",
        "self.suggested_at < timezone.now()",
        f"{PASSED}::test_a_time_that_passed_within_the_minute_is_now",
    ),
    Mutation(
        "approval/together.py",
        "    if late := too_late(draft):",
        "    if late := '':",
        f"{PASSED}::test_together_refuses_one_whose_time_passed_while_the_list_was_read",
    ),
    Mutation(
        "approval/forms.py",
        'SUGGESTED if draft.is_ahead else "" if draft.needs_a_time else NOW',
        "SUGGESTED if draft.is_ahead else NOW",
        f"{PASSED}::test_the_review_page_has_nothing_chosen_and_wants_a_choice",
    ),
    Mutation(
        "publishing/models/queue.py",
        "if not although.strip() and (asked := far(",
        "if False and (asked := far(",
        f"{PASSED}::test_more_than_a_year_ahead_is_asked_about {PASSED}::test_so_does_moving_a_publication",
    ),
    Mutation(
        "approval/models.py",
        "self.writers() - {by} if verb in TURNED_DOWN else ()",
        "()",
        f"{TURNED_DOWN}::test_the_author_hears_of_a_rejection_with_its_reason",
    ),
    Mutation(
        "approval/models.py",
        "self.writers() - {by} if",
        "self.writers() if",
        f"{TURNED_DOWN}::test_whoever_takes_their_own_draft_back_is_not_told",
    ),
    Mutation(
        "approval/decision.py",
        'return "draft.approved_by_client" if through_a_link else',
        'return "draft.approved" if through_a_link else',
        f"{TURNED_DOWN}::test_author_and_operators_hear_that_a_client_approved",
    ),
    Mutation(
        "publishing/models/missing.py",
        "told_at=now, publication__state=State.MISSED",
        "told_at=now",
        f"{MISSED}::test_what_a_person_has_settled_meanwhile_is_not_told",
    ),
    Mutation(
        "publishing/models/missing.py",
        "if self.filter(told_at=None).update(told_at=now):",
        "if self.update(told_at=now):",
        f"{MISSED}::test_of_two_workers_one_tells",
    ),
    Mutation(
        "publishing/tasks.py",
        "        Miss.objects.tell()\n    for relook",
        "        pass\n    for relook",
        f"{MISSED}::test_an_alarm_that_was_lost_is_made_good_by_the_sweep",
    ),
    Mutation(
        "publishing/models/belonging.py",
        "kept = [pause.go_along(self) for pause in self.pauses_of(owner)]",
        "kept = self.pauses_of(owner)",
        f"{CONNECT}::test_nothing_of_a_paused_client_goes_out_because_its_account_was_moved",
    ),
    Mutation(
        "publishing/models/belonging.py",
        "if owner and owner != self.client:",
        "if False:",
        f"{CONNECT}::test_the_verb_itself_connects_no_account_for_another_client",
    ),
    Mutation(
        "publishing/management/commands/connect.py",
        "client.pk is None and not is_new",
        "client.pk is None and is_new",
        f"{CONNECT}::test_a_client_who_is_almost_called_so_is_asked_about",
    ),
    Mutation(
        "publishing/models/sharing.py",
        "if compare_digest(other.token.encode(), mine.token.encode())",
        "if False",
        f"{SHARED}::test_the_others_that_had_the_same_token_get_the_new_one",
    ),
    Mutation(
        "sophia/notifications/models/sending.py",
        "if not batch or not self.keep_claim(now):",
        "if not batch:",
        f"{SENDING}::test_a_job_does_not_go_on_to_an_address_that_was_switched_off_meanwhile",
    ),
    Mutation(
        "sophia/notifications/models/sending.py",
        "        return urgent[:1] or due\n",
        "        return due\n",
        f"{SENDING}::test_each_urgent_notice_comes_by_itself_however_many_wait",
    ),
    Mutation(
        "publishing/models/restoring.py",
        "        people.require(by, people.OPERATE, of=account.client_id)\n",
        "",
        "tests/members/test_rights.py::test_every_verb_refuses_whoever_lacks_its_right",
    ),
]
