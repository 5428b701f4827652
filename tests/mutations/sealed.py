"""What a seal is over, the history that the claim asks, and the second guard after the claim."""

from tests.mutations.mutation import Mutation

SEAL = "tests/publishing/test_seal.py"
HISTORY = "tests/publishing/test_history.py"
CLAIMED = "tests/publishing/test_after_the_claim.py"
SEALING = "tests/publishing/test_sealing_in.py"

MUTATIONS = [
    Mutation(
        "publishing/seal.py",
        'return canonical({"of": of, "version": VERSION, "facts": facts})',
        'return canonical({"version": VERSION, "facts": facts})',
        f"{SEAL}::test_two_sets_of_facts_are_never_one_statement",
    ),
    Mutation(
        "publishing/models/recorded.py",
        "        if fault := fault_in(lines):\n            return fault\n        if any",
        "        if any",
        f"{HISTORY}::test_a_verb_does_not_wash_what_was_changed_before_it",
    ),
    Mutation(
        "publishing/models/recorded.py",
        "return self.difference(lines) or Witness.objects.fault_of(lines)",
        "return Witness.objects.fault_of(lines)",
        f"{HISTORY}::test_a_cancelled_one_that_is_set_to_queued_does_not_go_out",
    ),
    Mutation(
        "publishing/models/recorded.py",
        "return self.difference(lines) or Witness.objects.fault_of(lines)",
        "return self.difference(lines)",
        f"{HISTORY}::test_the_end_of_a_history_that_its_client_knows_is_missed",
    ),
    Mutation(
        "publishing/models/recorded.py",
        'return EARLIER if Witness.objects.filter(client=self.client_id).exists() else ""',
        'return ""',
        f"{SEALING}::test_a_seal_of_before_decides_alone_no_longer",
    ),
    Mutation(
        "publishing/models/entry.py",
        "if not line.holds or line.before != before:",
        "if line.before != before:",
        f"{HISTORY}::test_a_line_cannot_be_written_without_the_key",
    ),
    Mutation(
        "publishing/models/entry.py",
        "if line.found != found or (number == 1) != (line.verb in BEGINNINGS):",
        "if False:",
        f"{HISTORY}::test_a_verb_does_not_wash_what_was_changed_before_it",
    ),
    Mutation(
        "publishing/models/witness.py",
        "        if fault := fault_in_row([older, *rows] if older else rows, begins=older is None):\n"
        "            return fault\n",
        "",
        f"{HISTORY}::test_the_client_s_own_history_cannot_be_thinned_out",
    ),
    Mutation(
        "publishing/models/witness.py",
        "return self.take_note(besides=self.to_begin())",
        "return self.take_note(besides=())",
        f"{SEALING}::test_a_client_s_history_begins_when_its_old_approvals_are_sealed_in",
    ),
    Mutation(
        "publishing/models/publication.py",
        "if damage := self.damage(bytes_too=False) or fault_in(list(self.history.all())):",
        "if damage := self.damage(bytes_too=False):",
        f"{SEALING}::test_a_new_key_vouches_for_no_history_that_was_changed",
    ),
    Mutation(
        "publishing/models/publication.py",
        'raise Refused(f"Changed since approval: {damage}. Nothing was sent.")',
        "pass",
        f"{CLAIMED}::test_nor_is_it_prepared_where_the_worker_reads_it_after_that",
    ),
    Mutation(
        "publishing/models/publication.py",
        'raise Refused("Changed since approval: an image file is gone. Nothing was sent.")',
        "pass",
        f"{CLAIMED}::test_an_image_file_that_was_changed_after_the_claim_is_not_sent",
    ),
]
