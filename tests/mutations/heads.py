"""The ends of histories, known outside the database; commits that are told before they are made; and what was prepared
and cannot be read."""

from tests.mutations.mutation import Mutation

HEADS, ATTACKER = "tests/publishing/test_heads.py", "tests/publishing/test_attacker.py"
LEFTOVERS, UNSEEN = "tests/publishing/test_leftovers.py", "tests/platforms/test_unseen.py"
REMOVE = "tests/platforms/test_facebook_remove.py"

MUTATIONS = [
    Mutation(
        "publishing/gates.py",
        "    lost = publication.lost_history()\n",
        '    lost = ""\n',
        f"{HEADS}::test_a_cancelled_post_whose_end_was_cut_off_waits_and_is_told",
    ),
    Mutation(
        "publishing/models/heads.py",
        "        heads = latest() | missing(kept)\n",
        "        heads = latest()\n",
        f"{HEADS}::test_the_sweep_after_the_theft_forgets_nothing",
    ),
    Mutation(
        "publishing/models/heads.py",
        "    if desk is None or not is_named(desk):\n        return UNNAMED\n",
        "    if desk is None:\n        return UNNAMED\n",
        f"{HEADS}::test_a_desk_of_another_name_is_not_believed",
    ),
    Mutation(
        "publishing/models/heads.py",
        ' and not apps.get_model("publishing.Publication").objects.exclude(pk=publication).exists():',
        ":",
        f"{HEADS}::test_nor_is_one_without_a_name",
    ),
    Mutation(
        "publishing/models/heads.py",
        "            if row.holds and row.digest()",
        "            if row.digest()",
        f"{HEADS}::test_a_last_line_whose_seal_was_changed_holds",
    ),
    Mutation(
        "publishing/models/heads.py",
        "    except Refused as unreadable:\n        return str(unreadable)\n    lost",
        '    except Refused:\n        return ""\n    lost',
        f"{HEADS}::test_a_file_that_cannot_be_read_is_no_file_without_heads",
    ),
    Mutation(
        "publishing/models/heads.py",
        "    except (OSError, Refused) as wrong:\n        log",
        "    except KeyError as wrong:\n        log",
        f"{HEADS}::test_a_folder_that_nobody_can_write_to_does_not_stop_the_sweep",
    ),
    Mutation(
        "publishing/models/heads.py",
        "    Witness.objects.go_on()\n    write",
        "    write",
        f"{HEADS}::test_a_last_line_that_was_changed_holds_until_it_is_accepted",
    ),
    Mutation(
        "publishing/management/commands/rotate_keys.py",
        ", *heads.renew_seal()]",
        "]",
        f"{HEADS}::test_a_new_key_names_the_desk_anew",
    ),
    Mutation(
        "publishing/models/attempt.py",
        "            publication.record_commit()\n",
        "",
        f"{ATTACKER}::test_no_row_that_is_taken_away_is_enough",
    ),
    Mutation(
        "publishing/models/reconciliation.py",
        " or (forgotten and self.told_commit()):",
        ":",
        f"{ATTACKER}::test_no_row_that_is_taken_away_is_enough",
    ),
    Mutation(
        "publishing/models/reconciliation.py",
        "if self.told_fault() or (",
        "if (",
        f"{ATTACKER}::test_a_commit_that_was_taken_out_of_a_history_is_no_proof_of_none",
    ),
    Mutation(
        "publishing/platforms/unseen.py",
        "            and says(item, content)\n",
        "",
        f"{UNSEEN}::test_words_that_only_read_the_same_prove_neither",
    ),
    Mutation(
        "publishing/platforms/unseen.py",
        'likeness.same(text_of(item.get("message")), content.message)',
        "says(item, content)",
        f"{UNSEEN}::test_words_that_only_read_the_same_prove_neither",
    ),
    Mutation(
        "publishing/platforms/unseen.py",
        "        since = self.page.graph.there(since)\n",
        "",
        f"{LEFTOVERS}::test_a_clock_that_is_wrong_hides_no_lost_post",
    ),
    Mutation(
        "publishing/models/clearing.py",
        "        if sought.lists and not unproved:\n",
        "        if sought.lists:\n",
        f"{LEFTOVERS}::test_what_only_says_the_same_is_told_and_not_touched",
    ),
    Mutation(
        "publishing/platforms/facebook.py",
        "        elif not self.prove_gone(external_id, controls).is_controlled:\n",
        "        elif False:\n",
        f"{LEFTOVERS}::test_what_cannot_be_read_while_it_is_cleared_away_is_not_taken_for_gone",
    ),
    Mutation(
        "publishing/platforms/facebook.py",
        "        if before and not refused:\n            self.require_account()",
        "        if not refused:\n            self.require_account()",
        f"{REMOVE}::test_where_nothing_can_be_read_nothing_was_discarded",
    ),
]
