"""What keeps two workers, or a worker and a person, apart at the same moment. SQLite has one writer."""

from tests.mutations.mutation import Mutation

TESTS = "tests/publishing/test_at_the_commit.py"

MUTATIONS = [
    Mutation(path, before, after, TESTS, database="postgresql")
    for path, before, after in [
        (
            "publishing/models/pause.py",
            "            hold_claims(client, platform, account)\n            pause = self.create(",
            "            pause = self.create(",
        ),
        (
            "publishing/models/flight.py",
            "        self.lock_account()\n        closed = gates.first_closed(self, now)",
            "        closed = gates.first_closed(self, now)",
        ),
        (
            "publishing/models/attempt.py",
            "            publication.lock_account()\n            if closed",
            "            if closed",
        ),
    ]
]
