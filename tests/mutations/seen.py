from tests.mutations.mutation import Mutation

UNANSWERED, SEEN, WHEN = (f"tests/approval/test_{name}.py" for name in ("unanswered", "seen", "when"))

MUTATIONS = [
    Mutation(
        "approval/models.py",
        "        self.require_answered(answer, seen, client_link)\n",
        "",
        f"{UNANSWERED}::test_it_is_not_approved_without_a_reason",
    ),
    Mutation(
        "approval/hearing.py",
        "if news := [comment for comment in asking if not seen.includes(comment)]:",
        "if news := []:",
        f"{UNANSWERED}::test_a_reason_does_not_count_for_what_came_in_after_the_page_was_read",
    ),
    Mutation(
        "approval/hearing.py",
        "by_hand = decision.verb == Decision.Verb.EDITED and decision.via == Via.WEB",
        "by_hand = decision.verb == Decision.Verb.EDITED",
        f"{UNANSWERED}::test_a_revision_by_a_machine_answers_nobody",
    ),
    Mutation(
        "approval/hearing.py",
        "self.comments.filter(answer__verb=decision.verb, digest=decision.digest).update(answer=None)",
        "pass",
        f"{UNANSWERED}::test_changed_back_to_what_was_objected_to_it_is_unanswered_again",
    ),
    Mutation(
        "approval/clientlinks/models.py",
        "        self.hold()\n        if not self.is_open:",
        "        if not self.is_open:",
        f"{UNANSWERED}::test_a_link_revoked_a_moment_ago_approves_nothing",
    ),
    Mutation(
        "approval/clientlinks/models.py",
        "            if not self.may_approve:\n",
        "            if False:\n",
        f"{UNANSWERED}::test_a_link_whose_right_was_lost_a_moment_ago_approves_nothing",
    ),
    Mutation(
        "approval/seeing.py",
        "return self.comments is None or comment.pk in self.comments",
        "return True",
        f"{UNANSWERED}::test_the_page_that_never_showed_it_approves_nothing",
    ),
    Mutation(
        "approval/seeing.py",
        "[one for one in parts if one in self.measured]",
        "parts",
        f"{SEEN}::test_the_review_page_keeps_what_it_showed_and_what_came_in_sight",
    ),
    Mutation(
        "publishing/outlook.py",
        "return gate.lasting or at <= now + SOON",
        "return False",
        f"{WHEN}::test_while_paused_the_review_page_says_so_before_and_after",
    ),
    Mutation(
        "publishing/outlook.py",
        "return verdict.until > max(at, now)",
        "return True",
        f"{WHEN}::test_a_throttle_that_is_over_by_then_holds_nothing",
    ),
    Mutation(
        "approval/clientlinks/screens.py",
        "return said(publication, timezone.now(), to_client=True) if publication else",
        "return said(publication, timezone.now()) if publication else",
        f"{WHEN}::test_a_client_is_told_that_it_is_held_and_not_why",
    ),
    Mutation(
        "approval/hearing.py",
        "for comment in self.comments.filter(answer=None) if seen.includes(comment)]",
        "for comment in self.comments.filter(answer=None)]",
        f"{UNANSWERED}::test_an_edit_answers_only_what_its_page_showed",
    ),
    Mutation(
        "approval/hearing.py",
        "self.comments.filter(answer__verb__in=APPROVING).update(answer=None)",
        "pass",
        f"{UNANSWERED}::test_an_approval_that_is_taken_back_answers_nobody",
    ),
    Mutation(
        "approval/hearing.py",
        "comment.link_id != link_id(link) for comment in asking",
        "link is None for comment in asking",
        f"{UNANSWERED}::test_another_at_the_client_answers_what_the_first_wrote",
    ),
    Mutation(
        "approval/admin.py",
        """(typed["although"] or typed["answer"]) and len(""",
        "False and len(",
        f"{UNANSWERED}::test_a_reason_is_for_one_draft",
    ),
]
