from tests.api.conftest import token_for  # noqa: F401
from tests.commands.conftest import command  # noqa: F401
