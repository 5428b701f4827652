"""What a token can be let do. No scope approves a draft, and none takes a post down at once: people do that."""

from dataclasses import dataclass

from sophia import people


@dataclass(frozen=True)
class Scope:
    name: str
    label: str
    needs: str
    """The permission that the token's person must hold as well."""

    @property
    def noun(self) -> str:
        return self.name.partition(":")[0]


SCOPES = (
    Scope("drafts:read", "See drafts and what was decided about them", "approval.view_draft"),
    Scope("drafts:write", "Write, edit, submit and withdraw drafts, and upload images", people.SUBMIT),
    Scope("publications:read", "See publications, their timeline and what holds them", "publishing.view_publication"),
    Scope("recoveries:read", "See what is taken down, and how far it is", "publishing.view_recovery"),
    Scope("recoveries:request", "Ask a person to take a post down", people.RECOVER),
    Scope("pauses:read", "See what is paused", "publishing.view_pause"),
    Scope("pauses:write", "Pause and resume publishing", people.PAUSE),
    Scope("accounts:read", "See accounts and their health", "publishing.view_socialaccount"),
    Scope("notices:read", "See notices, and hear them live", "notifications.view_notice"),
)
BY_NAME = {scope.name: scope for scope in SCOPES}


def granted(scopes: list[str], wanted: Scope) -> bool:
    """Who may change something may also read it."""
    if wanted.name in scopes:
        return True
    return wanted.name.endswith(":read") and any(name.startswith(f"{wanted.noun}:") for name in scopes)
