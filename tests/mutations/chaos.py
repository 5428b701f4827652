"""What keeps the storm honest: the lies of the sandbox, and the rules by which the storm is judged."""

from tests.mutations.mutation import Mutation

LIES = "tests/sandbox/test_lies.py"
JUDGE = "tests/chaos/test_judge.py"
BROKEN = f"{JUDGE}::test_a_broken_promise_is_a_figure_of_its_own"
BLAMELESS = f"{JUDGE}::test_what_is_nobodys_fault_is_no_figure"

MUTATIONS = [
    Mutation(
        "publishing/sandbox/graph.py",
        "    if post.is_hidden:\n",
        "    if False:\n",
        f"{LIES}::test_a_hidden_post_reads_as_missing_and_is_in_no_list",
    ),
    Mutation(
        "publishing/sandbox/lists.py",
        ".shown(account)",
        "",
        f"{LIES}::test_a_hidden_post_reads_as_missing_and_is_in_no_list",
    ),
    Mutation(
        "publishing/sandbox/models/posts.py",
        ', deleted_at__lt=models.F("returns_at"))',
        ", deleted_at__isnull=False)",
        f"{LIES}::test_a_deleted_post_comes_back_once",
    ),
    Mutation(
        "publishing/sandbox/models/knobs.py",
        "update(value=left - 1)",
        "update(value=left)",
        f"{LIES}::test_a_deletion_may_be_without_effect_so_many_times",
    ),
    Mutation(
        "publishing/sandbox/usage.py",
        'call.method == "POST" and ',
        "",
        f"{LIES}::test_a_block_of_posting_leaves_reading_and_deleting",
    ),
    Mutation(
        "publishing/sandbox/profiles.py",
        '        Knob.objects.turn(profile.external_id, publish_then_restrict="without")\n',
        "",
        f"{LIES}::test_a_restriction_while_publishing_may_come_after_the_effect",
    ),
    Mutation(
        "publishing/sandbox/shapes.py",
        ' if post.app_id else None,\n    "from"',
        ',\n    "from"',
        f"{LIES}::test_what_a_person_posted_tells_no_application_and_is_not_ours_to_delete",
    ),
    Mutation("tests/chaos/judge.py", "if times(shown) > 1:", "if len(public(shown)) > 1:", BROKEN),
    Mutation(
        "tests/chaos/judge.py",
        'row["post_id"] not in {each["id"] for each in shown}',
        'row["post_id"] not in {"", *seen.posts}',
        BROKEN,
    ),
    Mutation("tests/chaos/judge.py", "    yield from seen.lies\n", "", BROKEN),
    Mutation(
        "tests/chaos/judge.py", 'now is None or now["deleted"] or', 'now is not None and now["deleted"] or', BROKEN
    ),
    Mutation("tests/chaos/judge.py", 'recovery and recovery["open"]', 'recovery and recovery["by_hand"]', BROKEN),
    Mutation(
        "tests/chaos/judge.py",
        '(post["account"], post["text"], post["images"]) not in approved',
        '(post["account"], post["text"]) not in {each[:2] for each in approved}',
        BROKEN,
    ),
    Mutation("tests/chaos/judge.py", ' or not photo.get("answered", True)', "", BLAMELESS),
    Mutation(
        "tests/chaos/judge.py",
        "return not died_with_a_worker(photo, seen)",
        "return True",
        BLAMELESS,
    ),
    Mutation(
        "tests/chaos/person.py",
        'if post["public"] and not post["foreign"]:',
        'if post["public"]:',
        f"{JUDGE}::test_the_person_removes_by_hand_only_what_is_ours",
    ),
    Mutation(
        "tests/chaos/person.py",
        "live = [post for post in self.shown(row) if not has_returned(post)]",
        "live = self.shown(row)",
        f"{JUDGE}::test_a_lie_is_noted_while_it_is_told_but_not_a_post_that_came_back",
    ),
]
