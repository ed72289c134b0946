"""What the workflows may do: pinned actions, no stored keys, production after staging and an approval."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from simulators.template import ROOT, project_template

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DEPLOY: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy.yml").read_text("utf-8"))


def name_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=name_of)
def test_every_action_is_pinned_by_its_commit(workflow: Path) -> None:
    used = re.findall(r"uses: ([^.\s]\S+)( # v\d+\.\d+\.\d+)?", workflow.read_text("utf-8"))

    assert [action for action, version in used if not re.search(r"@[0-9a-f]{40}$", action) or not version] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=name_of)
def test_no_workflow_stores_a_key(workflow: Path) -> None:
    assert not re.search(r"secrets\.|aws-(access|secret)", workflow.read_text("utf-8"))


def test_a_version_tag_is_deployed_and_nothing_else() -> None:
    # YAML 1.1 reads the key "on" as true.
    assert DEPLOY[True] == {"push": {"tags": ["v*"]}}  # type: ignore[index]


def test_production_waits_for_staging_and_for_its_environment() -> None:
    staging, production = DEPLOY["jobs"]["staging"], DEPLOY["jobs"]["production"]

    assert production["needs"] == "staging"
    assert staging["needs"] == ["gate", "on-main", "plan"]
    assert (staging["environment"], production["environment"]) == ("staging", "production")


@pytest.mark.parametrize("name", ["staging", "production"])
def test_each_job_deploys_its_own_environment(name: str) -> None:
    steps = DEPLOY["jobs"][name]["steps"]

    assert [step["run"] for step in steps if "run" in step] == [f"make deploy ENV={name} YES=1"]


def test_the_workflow_builds_with_the_python_of_the_functions() -> None:
    runtime = project_template().parameter_defaults()["Runtime"]
    built = {
        step["with"]["python-version"]
        for job in DEPLOY["jobs"].values()
        for step in job.get("steps", [])
        if "python-version" in step.get("with", {})
    }

    assert {f"python{version}" for version in built} == {runtime}


@pytest.mark.parametrize("name", ["staging", "production"])
def test_two_deployments_of_an_environment_never_run_at_once(name: str) -> None:
    assert DEPLOY["jobs"][name]["concurrency"] == {"group": f"deploy-{name}", "cancel-in-progress": False}


def test_a_run_that_waits_for_its_approval_keeps_no_other_from_staging() -> None:
    assert "concurrency" not in DEPLOY


def test_only_a_commit_of_main_that_passes_the_gate_is_deployed() -> None:
    gate = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    (look,) = [step["run"] for step in DEPLOY["jobs"]["on-main"]["steps"] if "run" in step]

    assert DEPLOY["jobs"]["gate"] == {"uses": "./.github/workflows/ci.yml"}
    assert "workflow_call" in gate[True]
    assert look == "git merge-base --is-ancestor HEAD origin/main"


def test_the_reviewer_reads_what_changes_for_production() -> None:
    (step,) = [step["run"] for step in DEPLOY["jobs"]["plan"]["steps"] if "run" in step]

    assert "samconfig.toml template.yaml edge.yaml" in step
    assert "GITHUB_STEP_SUMMARY" in step


def test_the_cloud_runs_only_versions_of_python_that_the_tests_run_with() -> None:
    matrix = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]["quick"]
    (assertion,) = project_template().body["Rules"]["RuntimeIsTested"]["Assertions"]
    runtimes, _ = assertion["Assert"]["Fn::Contains"]

    assert [f"python{version}" for version in matrix["strategy"]["matrix"]["python"]] == runtimes


@pytest.mark.parametrize(
    ("environment", "runtime", "is_deployed"),
    [
        ("production", "python3.13", True),
        ("staging", "python3.14", False),
        ("production", "python3.12", False),
        ("local", "python3.14", True),
    ],
)
def test_another_version_of_python_is_refused_but_on_a_laptop(
    environment: str, runtime: str, is_deployed: bool
) -> None:
    template, parameters = project_template(), {"Environment": environment, "Runtime": runtime}
    rule = template.body["Rules"]["RuntimeIsTested"]
    (assertion,) = rule["Assertions"]

    refused = template.holds(rule["RuleCondition"], parameters) and not template.holds(assertion["Assert"], parameters)
    assert refused is not is_deployed
