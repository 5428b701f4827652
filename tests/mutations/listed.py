"""All mutations of what keeps the promises, from every module of this folder that lists some."""

from importlib import import_module
from pkgutil import iter_modules

from tests import mutations
from tests.mutations.mutation import Mutation


def everything() -> list[Mutation]:
    names = sorted(module.name for module in iter_modules(mutations.__path__))
    modules = [import_module(f"tests.mutations.{name}") for name in names if not name.startswith(("_", "test_"))]
    return [mutation for module in modules for mutation in getattr(module, "MUTATIONS", ())]
