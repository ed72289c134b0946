"""The command line answers a mistake with a sentence and a status."""

from __future__ import annotations

import pytest

from tools.deployment.__main__ import main


@pytest.mark.parametrize("arguments", [["deploy", "", "--parameters", ""], ["rollback", "", ""]])
def test_no_environment_is_asked_for(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1

    assert capsys.readouterr().err.startswith("Name the environment: make deploy ENV=staging ")


def test_production_with_example_values_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "production", "--yes"]) == 1

    assert capsys.readouterr().err.startswith("These values are examples; set your own in samconfig.toml: ")


def test_only_known_parts_go_back() -> None:
    with pytest.raises(SystemExit):
        main(["rollback", "staging", "1", "--part", "tables"])
