"""Where the time and randomness come from, and how errors descend (import-linter keeps who imports whom)."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from member_access import errors
from simulators.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYER = ROOT / "layers" / "common" / "member_access"
FUNCTIONS = ROOT / "functions"

COMPOSITION_ROOT = "member_access.platform.runtime"
CLOCKS_AND_CHANCE = re.compile(
    r"time\.(time|monotonic|perf_counter|process_time|thread_time)(_ns)?|time\.(sleep|localtime|gmtime|ctime)"
    r"|datetime\.(datetime\.(now|utcnow|today)|date\.today)"
    r"|os\.(urandom|getrandom)|uuid\.uuid[14]|random(\..*)?|secrets(\..*)?"
)


@dataclass(frozen=True)
class Module:
    """One module of the layer or of a function."""

    name: str
    path: Path

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), self.path)


def modules_below(folder: Path) -> list[Module]:
    return [
        Module(".".join(path.relative_to(folder).with_suffix("").parts), path) for path in sorted(folder.rglob("*.py"))
    ]


def layer_modules() -> list[Module]:
    return modules_below(LAYER.parent)


def function_modules() -> list[Module]:
    return modules_below(FUNCTIONS)


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
                pytest.fail(f"{module.name} imports by a relative name")
    return names


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

    assert any(CLOCKS_AND_CHANCE.fullmatch(name) for name in used(Module("module", path)))


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
