from tests.api.conftest import boss, token_for  # noqa: F401
from tests.commands.conftest import command  # noqa: F401
