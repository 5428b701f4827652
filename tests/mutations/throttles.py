"""What a platform said outlives the doubt; take-downs and publications keep out of each other's way."""

from tests.mutations.mutation import Mutation

USAGE = "tests/platforms/test_usage.py::"
SAID = "tests/publishing/test_what_platforms_said.py::"

MUTATIONS = [
    Mutation(
        "publishing/platforms/errors.py",
        "throttles=row.throttles and told is Kind.WAIT",
        "throttles=row.throttles and kind is Kind.WAIT",
        USAGE + "test_every_doubt_keeps_what_the_platform_wants_nothing_of",
    ),
    Mutation(
        "publishing/platforms/errors.py",
        "holds=told is Kind.AUTH",
        "holds=False",
        USAGE + "test_a_doubt_over_an_account_to_reconnect_holds_it",
    ),
    Mutation(
        "publishing/platforms/errors.py",
        "(4, None): wait(CROWDED, scope=Scope.APP)",
        "(4, None): wait(CROWDED)",
        USAGE + "test_a_refusal_throttles_what_it_is_about",
    ),
    Mutation(
        "publishing/platforms/usage.py",
        "if percent(headers, [APP]) == FULL:",
        "if False:",
        USAGE + "test_the_figure_of_the_app_is_about_the_app",
    ),
    Mutation(
        "publishing/platforms/usage.py",
        "percent(headers, ACCOUNT) == FULL",
        "percent(headers) == FULL",
        USAGE + "test_the_figure_of_the_app_is_about_the_app",
    ),
    Mutation(
        "publishing/models/flight.py",
        "            self.heed(error)\n        elif error.kind == Kind.RETRY:",
        "        elif error.kind == Kind.RETRY:",
        SAID + "test_a_doubt_over_a_token_holds_the_account_at_once",
    ),
    Mutation(
        "publishing/models/reconciliation.py",
        "self.account.calls_held(now):\n                self.look_once_it_may(held, now)\n                return None",
        "self.account.posts_held(now):\n                self.look_once_it_may(held, now)\n                return None",
        SAID + "test_a_doubt_on_a_restricted_account_is_looked_at_as_usual",
    ),
    Mutation(
        "publishing/models/reconciliation.py",
        "if self.asked_at or held.until <= asked_by:",
        "if self.asked_at or held.until > asked_by:",
        SAID + "test_a_look_that_is_told_to_wait_asks_a_person_too",
    ),
    Mutation(
        "publishing/models/reconciliation.py",
        "if error.throttles and error.scope != Scope.POSTS:",
        "if False:",
        SAID + "test_a_look_that_is_told_to_wait_asks_a_person_too",
    ),
    Mutation(
        "publishing/models/reconciliation.py",
        "elif held := self.account.posts_held(now):",
        "elif held := None:",
        SAID + "test_a_restriction_longer_than_the_lateness_limit_is_told_urgently",
    ),
    Mutation(
        "publishing/models/reconciliation.py",
        'return settled(attempt.sentence) if attempt else ""',
        'return attempt.sentence if attempt else ""',
        SAID + "test_a_restriction_is_named_when_the_tries_are_used_up",
    ),
    Mutation(
        "publishing/budget.py",
        "if held := account.posts_held(now):",
        "if held := account.calls_held(now):",
        SAID + "test_what_is_proved_not_live_is_never_sent_into_a_restriction",
    ),
    Mutation(
        "publishing/budget.py",
        "if account.pk not in quiet",
        "if account",
        SAID + "test_the_gate_the_list_and_the_sweep_agree_about_what_is_held",
    ),
    Mutation(
        "publishing/models/app_throttle.py",
        "return Q(restricted_until__gt=now) | calls_held(now)",
        "return calls_held(now)",
        SAID + "test_the_rows_and_the_account_agree_about_what_is_held",
    ),
    Mutation(
        "publishing/models/app_throttle.py",
        "row.filter(until__lt=until).update",
        "row.update",
        SAID + "test_a_throttle_of_the_app_only_lengthens_and_is_told_once",
    ),
    Mutation(
        "publishing/models/reach.py",
        "if held := self.calls_held(now):\n            raise",
        'if held := self.told("throttled", now):\n            raise',
        SAID + "test_no_account_of_the_app_is_even_examined",
    ),
    Mutation(
        "publishing/models/reach.py",
        "return shown and not refused",
        "return not refused",
        SAID + "test_only_the_figure_of_the_app_ends_what_was_said_about_the_app",
    ),
    Mutation(
        "publishing/models/stages.py",
        "at=self.next_at, queue=TAKEDOWN)",
        'at=self.next_at, queue="publish")',
        "tests/publishing/test_recover.py::test_take_downs_have_workers_of_their_own",
    ),
    Mutation(
        "publishing/budget.py",
        "if publication.state == State.QUEUED and len(works) >= share_of_workers():",
        "if False:",
        "tests/publishing/test_budget.py::test_half_of_the_workers_are_for_other_accounts",
    ),
    Mutation(
        "publishing/models/queue.py",
        "watch_at__lte=now).exclude(account__in=SocialAccount.objects.silent(now).order_by())",
        "watch_at__lte=now).exclude(account__in=SocialAccount.objects.posts_held(now).order_by())",
        SAID + "test_a_post_that_is_out_on_a_restricted_account_is_watched",
    ),
]
