from tests.pages.conftest import desk, queries_of, signed_in  # noqa: F401
