"""What comes in at a door: nothing unknown, nothing twice, nothing overwritten, no twin without a reason."""

from tests.mutations.mutation import Mutation

LINES = "tests/commands/test_import_drafts.py"
TABLE = "tests/commands/test_import_csv.py"
IDENTITY = "tests/approval/test_identity.py"
AGENTS = "tests/agents/test_tools.py"
TWINS = "tests/approval/test_twins.py"
EDIT = "tests/approval/test_edit.py"
PASSED = "tests/approval/test_passed_times.py"
UNKNOWN = "tests/api/test_unknown.py"

MUTATIONS = [
    Mutation(
        "approval/wishes.py",
        "    fields.require_known(wish, FIELDS)\n",
        "",
        f"{LINES}::test_a_line_with_a_field_that_is_not_known_is_refused_with_the_nearest",
    ),
    Mutation(
        "approval/wishes.py",
        ", object_pairs_hook=fields.once",
        "",
        f"{LINES}::test_a_field_that_is_there_twice_is_refused",
    ),
    Mutation(
        "approval/sheets.py",
        "    if unknown := fields.unknown(filter(None, heads), COLUMNS):",
        "    if unknown := []:",
        f"{TABLE}::test_heads_in_other_words_refuse_the_whole_table",
    ),
    Mutation(
        "approval/sheets.py",
        '    if "" in wish:',
        '    if wish.pop("", "") is None:',
        f"{TABLE}::test_a_cell_below_no_name_is_not_dropped",
    ),
    Mutation(
        "approval/agents/serving.py",
        "                fields.require_known(arguments, tool.parameters",
        "                fields.require_known([], tool.parameters",
        "tests/agents/test_doors.py::test_an_argument_that_no_tool_takes_is_refused_with_the_nearest",
    ),
    Mutation(
        "sophia/api/bodies.py",
        ", object_pairs_hook=fields.once",
        "",
        f"{UNKNOWN}::test_a_field_that_is_there_twice_is_refused",
    ),
    Mutation(
        "approval/agents/writing.py",
        "draft.edit(by=by, digest=digest,",
        "draft.edit(by=by, digest=draft.digest(),",
        f"{AGENTS}::test_a_revision_of_another_version_overwrites_nothing",
    ),
    Mutation(
        "approval/agents/writing.py",
        "checked({**now, **given})",
        "checked(given)",
        f"{AGENTS}::test_a_revision_leaves_alone_what_it_does_not_name",
    ),
    Mutation(
        "approval/importing.py",
        '            content["identity"] = wanted.identity\n',
        "            pass\n",
        f"{IDENTITY}::test_a_mended_file_without_refs_makes_nothing_twice",
    ),
    Mutation(
        "approval/importing.py",
        "if value and draft.as_brought(name) != value",
        "if False",
        f"{IDENTITY}::test_a_changed_title_or_time_under_the_same_ref_is_refused_and_not_dropped",
    ),
    Mutation(
        "publishing/models/queue.py",
        "            twins.require_reason(self.all(), post, account, slot, although, besides=far(account, now, at))\n",
        "",
        f"{TWINS}::test_the_same_text_is_asked_about_and_goes_with_a_reason",
    ),
    Mutation(
        "publishing/models/publication.py",
        "        self.ask_about_twins(slot, although, far(self.account, now, at))\n",
        "",
        f"{TWINS}::test_what_failed_is_not_tried_again_beside_its_twin",
    ),
    Mutation(
        "approval/models.py",
        "        with transaction.atomic():\n            draft = self.create(",
        "        if True:\n            draft = self.create(",
        f"{EDIT}::test_a_new_draft_that_is_refused_leaves_no_row",
    ),
    Mutation(
        "approval/forms.py",
        'SUGGESTED: typed["slot_suggested"]',
        "SUGGESTED: None",
        f"{PASSED}::test_the_page_goes_by_the_suggested_time_that_was_on_the_screen",
    ),
]
