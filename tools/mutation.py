"""``make mutation``: changes the code that guards guesses, codes, PINs and sessions, and checks that a test notices.

mutmut finds the tests of a function only if its module is below ``src`` or at the top, and it leaves decorated code
unchanged, which would exclude every policy. So it works in a copy of the project, ``.local/mutation``, whose layer and
functions are ``src`` and whose decorators are calls. Without names of mutants it starts from an empty copy, because the
tests may have changed too; ``docs/mutation.md`` has the results.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).parent.parent
COPY: Final = ROOT / ".local" / "mutation"
SOURCES: Final = ("layers/common", "functions")
MODULES: Final = (
    "identifier.challenges",
    "identifier.own_searches",
    "login.confirm_browser",
    "login.second_step",
    "login.step_up",
    "member_access.api.callers_browser",
    "member_access.members.keyed_hashes",
    "member_access.members.own_data_hashes",
    "member_access.pin_verification",
    "member_access.pins.blocklist",
    "member_access.pins.hashing",
    "member_access.pins.own_data",
    "member_access.pins.pin_hash",
    "member_access.recovery.codes",
    "member_access.recovery.emailed_codes",
    "member_access.recovery.policy",
    "member_access.recovery.second_steps",
    "member_access.recovery.store",
    "member_access.sessions.access_tokens",
    "member_access.sessions.browsers",
    "member_access.sessions.item",
    "member_access.sessions.pin_counter",
    "member_access.sessions.policy",
    "member_access.sessions.records",
    "member_access.sessions.sign_ins",
    "member_access.sessions.store",
    "member_access.throttling.counters",
    "member_access.throttling.guard",
    "member_access.throttling.policy",
    "member_access.throttling.sources",
    "member_access.too_many_tries",
    "member_access.values.networks",
    "member_access.values.random_tokens",
    "passkeys.ceremony",
    "passkeys.challenges",
    "passkeys.session_opening",
    "passkeys.sign_in",
    "passkeys.store",
    "reset.reset_tokens",
)
TESTS: Final = (
    *(
        f"tests/unit/{name}.py"
        for name in (
            "members/test_keyed_hashes",
            "members/test_own_data_hashes",
            "passkeys/test_sign_count",
            "pins/test_blocklist",
            "pins/test_hashing",
            "pins/test_own_data",
            "recovery/test_policy",
            "sessions/test_item",
            "sessions/test_pin_counter",
            "sessions/test_policy",
            "sessions/test_sign_ins",
            "test_kept_items",
            "throttling/test_policy",
            "throttling/test_sources",
            "values/test_networks",
        )
    ),
    *(
        f"tests/flows/test_{name}.py"
        for name in (
            "bearer_tokens",
            "conditional_writes",
            "confirmations_by_letter",
            "consistent_reads",
            "identifier",
            "known_browsers",
            "new_browsers",
            "own_data",
            "own_searches",
            "own_sign_ins",
            "passkey_audit",
            "passkeys",
            "reset",
            "second_step_audit",
            "sessions",
            "sign_in",
            "sources",
            "too_many_tries",
        )
    ),
    "tests/flows/test_sign_in_audit.py",
    "tests/flows/test_sign_in_tells_nothing.py",
    "tests/flows/test_sweeping_up.py",
)
LEAST_KILLED: Final = 0.95
_ALSO: Final = ("docs", "functions", "layers", "local", "ops", "simulators", "template.yaml", "tests", "tools")
# Exit statuses of mutants that mutmut's own results call killed; a time-out shows an endless loop.
_KILLED: Final = {1, 3, 36, 24, -24, 152, 255}
# Decorators that mutmut can handle itself.
_LEFT_TO_MUTMUT: Final[tuple[list[str], ...]] = ([], ["classmethod"], ["staticmethod"])


def configuration(project: str) -> str:
    """Return the copy's ``pyproject.toml``: the project's own with other paths and mutmut's settings."""
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"src/{file(module)}" for module in MODULES],
        "also_copy": list(_ALSO),
        "pytest_add_cli_args": ["-m", "not slow", "-p", "no:cacheprovider", "-p", "tests.support.mutmut_items"],
        "pytest_add_cli_args_test_selection": list(TESTS),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    paths = f'"{SOURCES[0]}", "{SOURCES[1]}"'
    return project.replace(paths, '"src"') + "\n[tool.mutmut]\n" + "\n".join(lines) + "\n"


def file(module: str) -> str:
    """Return a module's file, relative to its entry on the path."""
    return f"{module.replace('.', '/')}.py"


def undecorated(source: str) -> str:
    """Apply a module's decorators by statements: ``Policy = dataclass(Policy)`` after the class."""
    dropped: set[int] = set()
    after: dict[int, list[str]] = {}
    for node in _definitions(ast.parse(source).body):
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        if decorators in _LEFT_TO_MUTMUT:
            continue
        dropped.update(range(node.decorator_list[0].lineno, node.lineno))
        applied = node.name
        for decorator in reversed(decorators):
            applied = f"{decorator}({applied})"
        after.setdefault(node.end_lineno or node.lineno, []).append(f"{' ' * node.col_offset}{node.name} = {applied}")
    lines: list[str] = []
    for number, line in enumerate(source.splitlines(), start=1):
        lines += [] if number in dropped else [line]
        lines += after.get(number, [])
    return "\n".join([*lines, ""])


def _definitions(body: Sequence[ast.stmt]) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    """Yield functions, methods and classes; a method comes before its class."""
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _definitions(statement.body)
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            yield statement


def prepare() -> None:
    """Update the copy."""
    COPY.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(COPY / "src", ignore_errors=True)
    for name, target in [*((name, "src") for name in SOURCES), *((name, name) for name in _ALSO)]:
        source, copy = ROOT / name, COPY / target
        if source.is_file():
            shutil.copy2(source, copy)
            continue
        if target != "src":
            shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(
            source, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.csv.report.csv")
        )
    for module in MODULES:
        path = COPY / "src" / file(module)
        path.write_text(undecorated(path.read_text("utf-8")), "utf-8")
    (COPY / "pyproject.toml").write_text(configuration((ROOT / "pyproject.toml").read_text("utf-8")), "utf-8")


def outcomes(patterns: Sequence[str]) -> dict[str, Counter[str]]:
    """Count the mutants of each module that were killed and that survived.

    Args:
        patterns: the names of the mutants to count, as given to mutmut; all if empty.
    """
    found: dict[str, Counter[str]] = {}
    for module in MODULES:
        meta = COPY / "mutants" / "src" / f"{file(module)}.meta"
        statuses: Mapping[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        found[module] = Counter(
            "killed" if status in _KILLED else "alive"
            for name, status in statuses.items()
            if not patterns or any(fnmatch(name, pattern) for pattern in patterns)
        )
    return {module: count for module, count in found.items() if count}


def table(found: Mapping[str, Counter[str]]) -> str:
    """Format the outcomes as a Markdown table."""
    total = sum(found.values(), Counter[str]())
    rows = [
        f"| {name} | {count.total()} | {count['killed']} | {100 * count['killed'] / count.total():.1f} % |"
        for name, count in [*((f"`{module}`", count) for module, count in found.items()), ("all", total)]
    ]
    return "\n".join(["| module | mutants | killed | |", "|---|---:|---:|---:|", *rows])


def main(arguments: Sequence[str]) -> int:
    """Test all mutants, or those with the given names, and print the score.

    Returns:
        The exit status: 0 if enough are killed, 1 if not, or that of mutmut if it failed.
    """
    if not arguments:
        shutil.rmtree(COPY, ignore_errors=True)
    prepare()
    mutmut = Path(sys.executable).parent / "mutmut"
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(mutmut.parent), os.environ.get("PATH", os.defpath)]),
        "CI": "1",  # the same generated examples for every mutant and in every run
    }
    status = subprocess.run([mutmut, "run", *arguments], cwd=COPY, env=environment, check=False).returncode
    if status:
        return status
    found = outcomes(arguments)
    total = sum(found.values(), Counter[str]())
    print(table(found))
    print("\nSurvivors: (cd .local/mutation && mutmut results), and mutmut show NAME for one.")
    return 0 if total["killed"] >= LEAST_KILLED * total.total() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
