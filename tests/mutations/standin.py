"""Guards against what platforms answer otherwise than imagined."""

from tests.mutations.mutation import Mutation

ANSWERS, META = "publishing/platforms/answers.py", "publishing/platforms/meta.py"
FACEBOOK, INSTAGRAM = "publishing/platforms/facebook.py", "publishing/platforms/instagram.py"
USAGE, GRAPH = "publishing/platforms/usage.py", "publishing/platforms/graph.py"
ODD, RECENT = "tests/platforms/test_odd_answers.py", "tests/platforms/test_recent.py"
STANDIN = "tests/standin/test_platforms.py"

MUTATIONS = [
    Mutation(ANSWERS, 'body.decode("utf-8-sig")', "body.decode()", f"{ODD}::test_a_byte_order_mark_hides_no_answer"),
    Mutation(
        ANSWERS,
        "    if answer is True:\n",
        "    if answer is None:\n",
        f"{ODD}::test_a_yes_is_a_yes_in_each_of_its_forms",
    ),
    Mutation(
        ANSWERS,
        'denied = str(answer.get("success")).lower() in NO',
        'denied = answer.get("success") is False',
        f"{ODD}::test_a_no_is_a_no_in_each_of_its_forms",
    ),
    Mutation(
        ANSWERS,
        'not answer.get("error") and not denied',
        "not denied",
        f"{ODD}::test_an_error_that_is_none_of_graphs_is_no_success",
    ),
    Mutation(
        ANSWERS,
        "isinstance(value, bool) or not isinstance(value, int | str)",
        "not isinstance(value, str)",
        f"{ODD}::test_an_id_is_kept_as_text",
    ),
    Mutation(
        ANSWERS,
        '        answer["object"] = answer.pop("data")\n',
        "        pass\n",
        f"{ODD}::test_data_that_is_one_object_is_kept_as_such",
    ),
    Mutation(
        FACEBOOK,
        'f"{self.account.external_id}_{post_id}" if post_id.isdecimal() else post_id',
        "post_id",
        f"{STANDIN}::test_an_id_without_the_pages_number_is_completed",
    ),
    Mutation(
        INSTAGRAM,
        'if not state.code:\n            said = "Instagram lost',
        'if state.code is None:\n            said = "Instagram lost',
        f"{STANDIN}::test_a_container_that_vanishes_while_it_is_published_is_no_reason_to_publish_another",
    ),
    Mutation(
        INSTAGRAM,
        'refused.start_over = state.code != "FINISHED"',
        "refused.start_over = True",
        "tests/platforms/test_instagram_publish.py::test_a_container_that_publishing_cannot_find_is_read_again",
    ),
    Mutation(
        META,
        'return named or cursor_in(text_of(paging["next"]))',
        "return named or None",
        f"{RECENT}::test_a_next_page_without_cursors_is_followed_and_its_token_is_not",
    ),
    Mutation(
        META,
        "            if not cursor or (dated and not recent):",
        "            if not cursor or not recent:",
        f"{RECENT}::test_a_next_page_without_cursors_is_followed_and_its_token_is_not",
    ),
    Mutation(
        USAGE,
        "        usage = list(usage.values())",
        "        usage = None",
        "tests/platforms/test_usage.py",
    ),
    Mutation(
        GRAPH,
        "        if not (200 <= response.status_code < 300 and answers.fulfilled(answer, needs)):",
        "        if not answers.fulfilled(answer, needs):",
        "tests/platforms/test_graph.py tests/platforms/test_odd_answers.py",
    ),
    Mutation(
        FACEBOOK,
        'is False:\n            raise PlatformError(Kind.UNKNOWN, "Facebook says',
        'is None:\n            raise PlatformError(Kind.UNKNOWN, "Facebook says',
        f"{STANDIN}::test_a_second_step_without_effect_is_no_success",
    ),
]  # fmt: skip
