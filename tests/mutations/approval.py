from tests.mutations.mutation import Mutation

SEAL, APPROVE, TWO = (
    "tests/publishing/test_seal.py",
    "tests/approval/test_approve.py",
    "tests/approval/test_two_people.py",
)
PUBLISH, PAUSE, PREPARE = (f"tests/publishing/test_{name}.py" for name in ("publish", "pause", "prepare"))

MUTATIONS = [
    Mutation(
        "publishing/models/publication.py",
        "if not seal.holds(self.seal, self.statement(digest), self.earlier_statement(digest)):",
        "if False:",
        f"{SEAL}::test_a_changed_alt_text_breaks_the_seal",
    ),
    Mutation(
        "publishing/models/publication.py",
        "if self.reference is not None and not self.reference_holds():",
        "if False:",
        f"{SEAL}::test_what_another_has_prepared_on_the_platform_is_not_made_public",
    ),
    Mutation(
        "publishing/models/publication.py",
        "if picture.bytes_if_intact() is None:",
        "if False:",
        f"{SEAL}::test_one_changed_byte_of_an_image_file_is_not_sent",
    ),
    Mutation(
        "publishing/models/publication.py",
        "            mode=self.mode,\n        )\n\n    def earlier",
        "        )\n\n    def earlier",
        f"{SEAL}::test_another_mode_breaks_the_seal",
    ),
    Mutation(
        "publishing/models/publication.py",
        "            approval=str(self.approval_id),\n            approved_by",
        "            approved_by",
        f"{SEAL}::test_a_copied_row_has_no_seal_that_fits",
    ),
    Mutation(
        "publishing/gates.py",
        'return Stop("It has been published before. Nothing was sent.", "stop") if publication.has_been_out else Go()',
        "return Go()",
        f"{SEAL}::test_what_was_published_is_not_sent_again_by_turning_back_its_state",
    ),
    Mutation(
        "approval/models.py",
        "        self.require_unchanged(digest)\n        self.require_answered(",
        "        self.require_answered(",
        f"{APPROVE}::test_what_changed_on_another_screen_is_not_approved_and_the_change_is_shown",
    ),
    Mutation(
        "approval/models.py",
        "people.require(by, people.APPROVE, of=self.client_id)",
        "pass",
        f"{TWO}::test_nobody_who_may_not_approve_gives_the_first",
    ),
    Mutation(
        "approval/models.py",
        "        if objection := self.objection(by):\n            raise NotAllowed(objection)\n",
        "",
        f"{APPROVE}::test_the_author_may_not_approve_where_the_client_says_so",
    ),
    Mutation(
        "publishing/models/queue.py",
        "people.require(approved_by, people.APPROVE, of=post.client_id)",
        "pass",
        f"{APPROVE}::test_the_queue_cannot_be_filled_past_the_draft_by_somebody_without_the_permission",
    ),
    Mutation(
        "publishing/models/queue.py",
        "if client.approval_rule == Client.Rule.TWO and agreed_by in {None, approved_by}:",
        "if False:",
        f"{TWO}::test_there_is_no_way_round_the_second",
    ),
    Mutation(
        "approval/agreeing.py",
        "or last[0].digest != self.digest()",
        "",
        f"{TWO}::test_the_first_does_not_stand_for_a_row_changed_behind_the_back",
    ),
    Mutation(
        "approval/agreeing.py",
        "return last[0] if by and people.may(by, people.APPROVE, of=self.client_id) else None",
        "return last[0]",
        f"{TWO}::test_it_does_not_count_any_more_when_its_giver_may_not_approve",
    ),
    Mutation(
        "publishing/gates.py",
        'return Hold(f"{holding.scope} is paused by {holding.started_by}: {holding.reason}") if holding else Go()',
        "return Go()",
        f"{PAUSE}::test_nothing_goes_out_while_everything_is_paused",
    ),
    Mutation(
        "publishing/models/pause.py",
        "            | Q(platform=account.platform)\n",
        "",
        f"{PAUSE}::test_a_platform_can_be_paused_alone",
    ),
    Mutation(
        "publishing/models/attempt.py",
        "if closed := gates.first_closed(publication, now, bytes_proved=True):",
        "if closed := None:",
        f"{PUBLISH}::test_a_pause_while_it_is_prepared_stops_it_before_it_is_public",
    ),
    Mutation(
        "publishing/gates.py",
        "if question.now - publication.slot_at <= limit:",
        "if True:",
        f"{PUBLISH}::test_what_is_too_late_is_missed_and_not_sent",
    ),
    Mutation(
        "publishing/gates.py",
        'return Stop(" ".join(problems), "stop") if problems else Go()',
        "return Go()",
        "tests/publishing/test_gates.py::test_images_that_the_platform_does_not_take_stop_it",
    ),
    Mutation(
        "publishing/models/flight.py",
        "self.publish_at > now or not self.passes_gates(now)",
        "not self.passes_gates(now)",
        f"{PUBLISH}::test_an_early_alarm_does_nothing",
    ),
    Mutation(
        "sophia/transitions.py",
        "                self.lock()\n                found",
        "                found",
        f"{APPROVE}::test_a_second_click_is_told_who_was_first",
    ),
]
