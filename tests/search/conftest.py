from tests.pages.conftest import queries_of  # noqa: F401
