"""Who is told that Sophia itself is not well."""

from tests.mutations.mutation import Mutation

LIFESIGN, CLOCK, TRUTH = "tests/health/test_lifesign.py", "tests/serve/test_clock.py", "tests/health/test_one_truth.py"
LEAVING = "tests/demo/test_leaving.py"
KEEPING, DAMAGE = "tests/health/test_keeping.py", "tests/health/test_damage.py"

MUTATIONS = [
    Mutation(
        "sophia/fitness.py",
        "if found := traces.sentence():",
        "if found := None:",
        f"{LEAVING}::test_a_public_desk_does_not_start_with_a_demo_in_it",
    ),
    Mutation(
        "sophia/demo/traces.py",
        "Q(username__in=PEOPLE) | Q(email__in=addresses)",
        "Q(username__in=PEOPLE)",
        f"{LEAVING}::test_a_person_of_the_demo_who_was_renamed_is_found",
    ),
    Mutation(
        "sophia/demo/leaving.py",
        "    if busy := under_way():",
        "    if busy := []:",
        f"{LEAVING}::test_what_only_the_sandbox_can_settle_comes_first",
    ),
    Mutation(
        "sophia/tokens/models.py",
        "end_told__lt=passed",
        "end_told__lte=passed",
        "tests/tokens/test_ending.py::test_what_was_missed_is_told_once",
    ),
    Mutation(
        "sophia/heavy.py",
        "    if int(length) > LARGEST_UPLOAD:",
        "    if False:",
        "tests/walled/test_heavy.py::test_files_of_hundreds_of_megabytes_come_in_parts",
    ),
    Mutation(
        "sophia/health/examination.py",
        "return [*found, *told()]",
        "return found",
        f"{TRUTH}::test_what_was_mended_makes_nobody_ill",
    ),
    Mutation(
        "sophia/health/figures.py",
        'overdue=kinds["overdue"]',
        "overdue=0",
        f"{TRUTH}::test_a_post_three_minutes_late_without_workers_is_told_by_both",
    ),
    Mutation(
        "sophia/health/figures.py",
        "for finding in found if finding.ill))",
        "for finding in found))",
        f"{KEEPING}::test_advice_is_told_but_makes_nobody_ill",
    ),
    Mutation(
        "sophia/health/house.py",
        "        elif at - now > SKEW:\n            yield Finding(key",
        "        elif at - now > TOO_QUIET * 100:\n            yield Finding(key",
        f"{TRUTH}::test_a_sign_of_life_from_the_future_is_none",
    ),
    Mutation(
        "sophia/health/views.py",
        "if settings.SOPHIA_METRICS_TOKEN and has_token(request)",
        "if has_token(request)",
        "tests/health/test_doors.py::test_an_empty_token_opens_nothing",
    ),
    Mutation(
        "sophia/health/views.py",
        "figures.take() if is_of_the_desk(request) else figures.latest.ask()",
        "figures.take()",
        "tests/health/test_doors.py::test_a_desk_that_works_says_so_to_anybody_and_nothing_else",
    ),
    Mutation(
        "sophia/lifesign.py",
        "if problems is None:\n            return",
        "if problems is None:\n            problems = []",
        f"{LIFESIGN}::test_a_web_that_is_dead_is_silence",
    ),
    Mutation(
        "sophia/lifesign.py",
        "elif self.ill >= SURE_AFTER:",
        "else:",
        f"{LIFESIGN}::test_a_restart_of_the_workers_is_no_illness",
    ),
    Mutation(
        "sophia/lifesign.py",
        "self.ill + 1 if problems else 0",
        "self.ill + 1",
        f"{LIFESIGN}::test_a_restart_of_the_workers_is_no_illness",
    ),
    Mutation(
        "sophia/lifesign.py",
        "build_opener(NoRedirects)",
        "build_opener()",
        f"{LIFESIGN}::test_a_redirect_is_not_followed_and_no_log_has_the_address",
    ),
    Mutation(
        "sophia/lifesign.py",
        "status not in {200, 503}",
        "not status",
        f"{LIFESIGN}::test_a_web_that_does_not_say_is_silence",
    ),
    Mutation(
        "sophia/logs.py",
        "settings.SOPHIA_METRICS_TOKEN, settings.SOPHIA_PING_URL)",
        "settings.SOPHIA_METRICS_TOKEN)",
        f"{LIFESIGN}::test_the_address_is_taken_out_of_every_log",
    ),
    Mutation(
        "sophia/clock.py",
        "        Heartbeat.forget_future()\n",
        "",
        f"{CLOCK}::test_a_step_declares_the_rhythms_afresh_and_is_told_urgently",
    ),
    Mutation(
        "sophia/clock.py", "        alarms.pull_in()\n", "", f"{CLOCK}::test_jobs_that_now_lie_far_ahead_come_now"
    ),
    Mutation(
        "sophia/clock.py",
        "            self.stepped.clear()\n        except",
        "        except",
        f"{CLOCK}::test_a_step_declares_the_rhythms_afresh_and_is_told_urgently",
    ),
    Mutation(
        "sophia/database.py",
        'IS_DAMAGED = ("malformed", "not a database"',
        'IS_DAMAGED = ("not a database"',
        f"{DAMAGE}::test_a_command_says_what_is_wrong_with_the_database",
    ),
    Mutation(
        "sophia/command.py",
        "        except IntegrityError:  # A bug of ours.\n            raise\n",
        "",
        f"{DAMAGE}::test_a_bug_is_not_called_otherwise",
    ),
    Mutation(
        "sophia/backup/sqlite.py",
        "aside(live)[:-KEPT_ASIDE]",
        "aside(live)[:0]",
        "tests/backup/test_backup.py::test_the_last_two_databases_that_were_replaced_are_kept_and_named",
    ),
    Mutation(
        "publishing/platforms/through_mcp/leash.py",
        "    kernel.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)\n",
        "",
        "tests/platforms/test_facebook_through_mcp.py::test_a_server_ends_with_the_worker_that_started_it_even_if_both_hang",
    ),
]
