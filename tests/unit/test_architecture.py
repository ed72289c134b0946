"""Who may import whom, who may ask for the time or for randomness, and how errors descend."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import re
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from member_access import errors
from tests.support.requirements import function_dependencies, project_dependencies
from tests.support.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYER = ROOT / "layers" / "common" / "member_access"
FUNCTIONS = ROOT / "functions"

# What boto3 and pydantic publish apart from themselves, and document as their own.
PARTS_OF_THE_DECLARED = {"botocore", "pydantic-core"}
COMPOSITION_ROOT = "member_access.runtime"
CLOCKS_AND_CHANCE = re.compile(
    r"time\.(time|monotonic|perf_counter|process_time|thread_time)(_ns)?|time\.(sleep|localtime|gmtime|ctime)"
    r"|datetime\.(datetime\.(now|utcnow|today)|date\.today)"
    r"|os\.(urandom|getrandom)|uuid\.uuid[14]|random(\..*)?|secrets(\..*)?"
)


@dataclass(frozen=True)
class Module:
    """One module of the layer or of a function; ``folder`` is the function's, or the layer's package."""

    name: str
    folder: str
    path: Path

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), self.path)


def layer_modules() -> list[Module]:
    return [
        Module(f"{LAYER.name}.{'.'.join(path.relative_to(LAYER).with_suffix('').parts)}", LAYER.name, path)
        for path in sorted(LAYER.rglob("*.py"))
    ]


def function_modules() -> list[Module]:
    return [Module(path.stem, path.relative_to(FUNCTIONS).parts[0], path) for path in sorted(FUNCTIONS.rglob("*.py"))]


MODULES = layer_modules() + function_modules()


def runtime_statements(node: ast.AST) -> Iterator[ast.AST]:
    """Everything below a node but what only type checkers see."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from runtime_statements(child)


def imported(module: Module) -> dict[str, str]:
    """What a module imports at run time: the name it uses, and the full name of what that stands for."""
    names = {}
    for node in runtime_statements(module.tree):
        match node:
            case ast.Import():
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    names[alias.asname or top] = alias.name if alias.asname else top
            case ast.ImportFrom(level=0, module=str() as origin):
                for alias in node.names:
                    names[alias.asname or alias.name] = f"{origin}.{alias.name}"
            case ast.ImportFrom():
                pytest.fail(f"{module.name} imports by a relative name: a function's modules stand at the top")
    return names


def packages(module: Module) -> set[str]:
    """The top-level packages that a module imports."""
    return {name.partition(".")[0] for name in imported(module).values()}


def dotted(node: ast.expr, names: dict[str, str]) -> str | None:
    """The full name of ``a.b.c``, where ``a`` was imported."""
    match node:
        case ast.Name():
            return names.get(node.id)
        case ast.Attribute():
            owner = dotted(node.value, names)
            return f"{owner}.{node.attr}" if owner else None
        case _:
            return None


def used(module: Module) -> set[str]:
    """The full names of all that a module uses of what it imports."""
    names = imported(module)
    expressions = (node for node in runtime_statements(module.tree) if isinstance(node, ast.expr))
    return {name for node in expressions if (name := dotted(node, names))}


def packages_of(requirements: list[Requirement]) -> set[str]:
    """The packages of these distributions."""
    declared = {canonicalize_name(requirement.name) for requirement in requirements}
    return {
        package
        for package, distributions in packages_distributions().items()
        if declared & {canonicalize_name(distribution) for distribution in distributions}
    }


def carried_packages() -> set[str]:
    """The packages that the layer carries because the project says so."""
    return packages_of(project_dependencies() + [Requirement(part) for part in PARTS_OF_THE_DECLARED])


def test_the_layer_imports_itself_and_what_it_carries_and_no_function() -> None:
    allowed = sys.stdlib_module_names | carried_packages() | {LAYER.name}
    strangers = {module.name: packages(module) - allowed for module in layer_modules()}

    assert {name: found for name, found in strangers.items() if found} == {}


def test_a_function_imports_the_layer_and_its_own_folder_and_no_other_function() -> None:
    shared = sys.stdlib_module_names | carried_packages() | {LAYER.name}
    strangers = {
        module.name: packages(module)
        - shared
        - packages_of(function_dependencies(module.folder))
        - {other.name for other in function_modules() if other.folder == module.folder}
        for module in function_modules()
    }

    assert {name: found for name, found in strangers.items() if found} == {}


def test_no_two_functions_have_a_module_of_one_name_nor_one_of_python_s() -> None:
    names = [module.name for module in function_modules()]
    taken = sys.stdlib_module_names | set(packages_distributions())

    assert sorted(names) == sorted(set(names))
    assert set(names) & taken == set()


def test_every_function_s_folder_is_on_the_test_path() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    folders = {f"functions/{module.folder}" for module in function_modules()}

    assert folders <= set(options["pythonpath"])


def test_only_the_composition_root_knows_the_clock_and_chance() -> None:
    found = {module.name: {name for name in used(module) if CLOCKS_AND_CHANCE.fullmatch(name)} for module in MODULES}

    assert found.pop(COMPOSITION_ROOT)
    assert {name: uses for name, uses in found.items() if uses} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import time\nnow = time.time()",
        "import time as t\nclock = t.time_ns",
        "from time import monotonic\nnow = monotonic()",
        "from datetime import datetime as dt\nnow = dt.now()",
        "import datetime\ntoday = datetime.date.today()",
        "import random\nnumber = random.SystemRandom().random()",
        "from secrets import token_bytes\nkey = token_bytes(32)",
        "import os\nkey = os.urandom(32)",
        "import uuid\nname = uuid.uuid4()",
    ],
)
def test_a_clock_or_chance_is_found_under_any_name(source: str, tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")

    assert any(CLOCKS_AND_CHANCE.fullmatch(name) for name in used(Module("module", "folder", path)))


def descendants(error: type[BaseException]) -> Iterator[type[BaseException]]:
    for child in error.__subclasses__():
        yield child
        yield from descendants(child)


def test_every_error_of_the_layer_descends_from_one() -> None:
    for module in layer_modules():
        importlib.import_module(module.name.removesuffix(".__init__"))
    own = {error for error in descendants(Exception) if error.__module__.startswith(f"{LAYER.name}.")}

    assert [error for error in own if not issubclass(error, errors.MemberAccessError)] == []


def test_no_function_has_an_error_outside_the_tree() -> None:
    outside = {
        f"{module.name}.{node.name}"
        for module in function_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and is_builtin_error(base.id) for base in node.bases)
    }

    assert outside == set()


def is_builtin_error(name: str) -> bool:
    candidate = getattr(builtins, name, None)
    return isinstance(candidate, type) and issubclass(candidate, BaseException)


def drawn_tree(drawing: str, root: str) -> dict[str, str]:
    """The parent of each error in a drawing made of box characters, four to a level."""
    path = [root]
    parents = {}
    for line in inspect.cleandoc(drawing).splitlines():
        if match := re.match(r"(?P<indent>[│ ]*)[├└]── (?P<name>\w+)", line):
            depth = len(match["indent"]) // 4 + 1
            path[depth:] = [match["name"]]
            parents[match["name"]] = path[depth - 1]
    return parents


def test_the_drawing_at_the_head_of_the_errors_shows_all_of_them() -> None:
    tree = {
        error.__name__: next(base.__name__ for base in error.__bases__ if issubclass(base, errors.MemberAccessError))
        for error in descendants(errors.MemberAccessError)
        if error.__module__ == errors.__name__
    }

    assert drawn_tree(errors.__doc__ or "", errors.MemberAccessError.__name__) == tree
