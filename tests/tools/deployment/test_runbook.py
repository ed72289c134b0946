"""The runbook quotes the command as it speaks, and names variables of make that there are."""

from __future__ import annotations

import re

import pytest

from simulators.template import ROOT, project_template, walk

RUNBOOK = (ROOT / "docs" / "operations.md").read_text("utf-8")
SOURCES = "".join(path.read_text("utf-8") for path in (ROOT / "tools" / "deployment").glob("*.py"))
TABLE = RUNBOOK.split("## A deployment fails", 1)[1].split("## Rolling back", 1)[0]
QUOTED = [quoted for quoted in re.findall(r"^\| `([^`]+)` \|", TABLE, flags=re.MULTILINE) if "_" not in quoted]


@pytest.mark.parametrize("quoted", QUOTED)
def test_the_command_says_what_the_runbook_quotes(quoted: str) -> None:
    assert quoted.strip(" …") in SOURCES


@pytest.mark.parametrize("state", ["ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"])
def test_the_runbook_has_the_states_with_a_way_out(state: str) -> None:
    assert f"`… is in the state {state}`" in TABLE
    assert f'"{state}"' in SOURCES


def test_the_runbook_sets_variables_that_make_knows() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    used = {
        name
        for line in re.findall(r"make (?:deploy|rollback)[^`\n]*", RUNBOOK)
        for name in re.findall(r"([A-Z]+)=", line)
    }

    assert used == {"ENV", "PARAMETERS", "VERSION"}
    assert [name for name in (*used, "PART", "YES") if f"$({name})" not in makefile] == []


def test_the_topic_of_the_runbook_is_open_to_everything_that_writes_to_it() -> None:
    services = {
        "AWS::Budgets::Budget": "budgets.amazonaws.com",
        "AWS::CloudWatch::Alarm": "cloudwatch.amazonaws.com",
        "AWS::Events::Rule": "events.amazonaws.com",
    }
    writers = {
        node["Type"]
        for node in project_template().body["Resources"].values()
        if any(part == {"Ref": "AlarmTopicArn"} for part in walk(node.get("Properties", {})))
    }
    (step,) = re.findall(r"^4\. \*\*Topic for alarms.*?(?=^5\. )", RUNBOOK, flags=re.MULTILINE | re.DOTALL)

    assert writers == set(services)
    assert [name for kind in writers if (name := services[kind]) not in step] == []
