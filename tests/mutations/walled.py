"""What workers run, what lists answer, what a read database opens, and what one visitor may cost."""

from tests.mutations.mutation import Mutation

JOBS = "tests/walled/test_jobs.py::"
DUMP = "tests/walled/test_dump.py::"

MUTATIONS = [
    Mutation(
        "sophia/broker.py",
        "if func not in settings.SOPHIA_JOBS:",
        "if False:",
        JOBS + "test_a_row_of_the_schedule_runs_nothing_else",
    ),
    Mutation(
        "sophia/broker.py",
        "if more := job.keys() - PARTS:",
        "if more := set():",
        JOBS + "test_another_signed_job_is_thrown_away",
    ),
    Mutation(
        "sophia/broker.py",
        "    signing.PickleSerializer = Json\n",
        "",
        JOBS + "test_a_signed_pickle_is_not_opened",
    ),
    Mutation(
        "sophia/broker.py",
        "    picklefield.loads = read_plain\n",
        "",
        JOBS + "test_the_result_of_a_job_is_read_and_not_run",
    ),
    Mutation(
        "sophia/broker.py",
        "    post_save.disconnect(call_hook, sender=Task)\n",
        "",
        JOBS + "test_a_row_that_names_a_hook_calls_nothing",
    ),
    Mutation(
        "sophia/lookups.py",
        "return lookup in set(self.lookups(request))",
        "return super().lookup_allowed(lookup, value, request)",
        "tests/walled/test_lookups.py::test_no_column_answers_but_those_of_the_filters",
    ),
    Mutation(
        "sophia/signin/stored.py",
        "        row.session_key = at_rest(row.session_key)\n",
        "",
        DUMP + "test_the_key_of_a_session_is_not_in_the_database",
    ),
    Mutation(
        "sophia/backup/restoring.py",
        "    Session.objects.all().delete()\n",
        "",
        "tests/backup/test_backup.py::test_after_a_restore_nobody_is_signed_in_and_no_notice_goes_out_again",
    ),
    Mutation(
        "sophia/backup/restoring.py",
        '    Delivery.objects.waiting().skip("Restored from a backup: it may have been sent.")\n',
        "",
        "tests/backup/test_backup.py::test_after_a_restore_nobody_is_signed_in_and_no_notice_goes_out_again",
    ),
    Mutation(
        "publishing/handing_over.py",
        'host.endswith(f".{each}")',
        "host.endswith(each)",
        "tests/publishing/test_handing_over.py::test_a_host_that_merely_ends_like_facebooks_is_none_of_its",
    ),
    Mutation(
        "sophia/alive.py",
        "return now - self.alive_at > self.patience",
        "return False",
        "tests/serve/test_alive.py::test_a_web_that_takes_connections_and_answers_none_is_frozen",
    ),
    Mutation(
        "sophia/signin/models/tries.py",
        "        if limit.when and not self.wait_for(limit.when):\n",
        "        if False:\n",
        "tests/signin/test_throttle.py::test_getting_in_starts_afresh",
    ),
    Mutation(
        "sophia/comparing.py",
        "if len(old) * len(new) <= MOST:",
        "if True:",
        "tests/pages/test_diff.py::test_a_very_long_repetitive_text_is_shown_old_and_new",
    ),
]
