"""Comparing two templates shows what CloudFormation would receive differently, and nothing else."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tools.compare_templates import NoTemplate, differences, load, main, processed

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Tries: { Type: Number, Default: 3, Description: Tries before a wait }
Resources:
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: layers/common }
  Api:
    Type: AWS::Serverless::Api
    Properties: { StageName: v1 }
  Bell:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions
      Handler: bell.handler
      Runtime: python3.13
      Layers: [!Ref Layer]
      AutoPublishAlias: live
      Environment:
        Variables: { TRIES: !Ref Tries, TABLE: !Ref Rings }
      Events:
        Ring:
          Type: Api
          Properties: { RestApiId: !Ref Api, Path: /ring, Method: post }
  Rings:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: { AlarmDescription: The bell is broken, Threshold: 1 }
Outputs:
  Table: { Value: !Ref Rings }
"""


def compared(after: str, *, texts: bool = False) -> list[str]:
    return differences(processed(BEFORE), processed(after), texts=texts)


def test_a_template_is_the_same_as_itself() -> None:
    assert compared(BEFORE, texts=True) == []


def test_neither_order_nor_anchors_count() -> None:
    rings = BEFORE[BEFORE.index("  Rings:") : BEFORE.index("  Alarm:")]
    moved = BEFORE.replace(rings, "").replace("  Bell:", f"{rings}  Bell:")
    merged = moved.replace(
        "{ TRIES: !Ref Tries, TABLE: !Ref Rings }", "{ TABLE: !Ref Rings, <<: { TRIES: !Ref Tries } }"
    )

    assert compared(merged) == []


def test_a_changed_property_is_shown_without_the_names_derived_from_it() -> None:
    assert compared(BEFORE.replace("bell.handler", "bell.handler.handler")) == [
        "~ Resources.Bell.Properties.Handler: 'bell.handler' -> 'bell.handler.handler'"
    ]


def test_a_changed_path_of_the_api_is_shown() -> None:
    found = compared(BEFORE.replace("/ring", "/chime"))

    assert any(line.startswith("- Resources.Api.Properties.Body.paths./ring:") for line in found)
    assert not any("Deployment" in line for line in found)


def test_code_from_another_folder_is_shown() -> None:
    assert compared(BEFORE.replace("layers/common", "layers/other")) == [
        "~ Resources.Layer<hash>.Properties.Content.S3Key: 'layers/common' -> 'layers/other'"
    ]


def test_a_variable_that_comes_or_goes_is_shown() -> None:
    assert compared(BEFORE.replace("TRIES: !Ref", "WAITS: !Ref")) == [
        "- Resources.Bell.Properties.Environment.Variables.TRIES: {'Ref': 'Tries'}",
        "+ Resources.Bell.Properties.Environment.Variables.WAITS: {'Ref': 'Tries'}",
    ]


def test_a_renamed_resource_goes_and_comes_with_its_type() -> None:
    found = compared(BEFORE.replace("  Alarm:", "  BellBroken:"))

    assert found == [
        "- Resources.Alarm (AWS::CloudWatch::Alarm)",
        "+ Resources.BellBroken (AWS::CloudWatch::Alarm)",
    ]


def test_parameters_and_outputs_are_compared() -> None:
    after = BEFORE.replace("Default: 3", "Default: 5").replace("  Table: { Value", "  Name: { Value")

    assert compared(after) == [
        "~ Parameters.Tries.Default: 3 -> 5",
        "+ Outputs.Name",
        "- Outputs.Table",
    ]


@pytest.mark.parametrize("text", ["Tries before a wait", "The bell is broken"])
def test_texts_are_compared_on_request(text: str) -> None:
    after = BEFORE.replace(text, "Another text")

    assert compared(after) == []
    assert len(compared(after, texts=True)) == 1


def test_a_template_without_resources_is_rejected() -> None:
    with pytest.raises(NoTemplate, match="Resources"):
        processed("Parameters: {}")


def test_a_template_that_sam_rejects_is_rejected() -> None:
    with pytest.raises(NoTemplate, match="SAM"):
        processed(BEFORE.replace("Type: Api", "Type: NoSuchEvent"))


def test_a_template_comes_from_a_revision_or_a_file(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
    (tmp_path / "template.yaml").write_text(BEFORE, encoding="utf-8")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Add the template"]):
        subprocess.run([*git, *command], check=True)  # noqa: S603 - our own words
    (tmp_path / "template.yaml").write_text("changed", encoding="utf-8")

    assert load("HEAD", tmp_path) == BEFORE
    assert load(str(tmp_path / "template.yaml"), tmp_path) == "changed"
    with pytest.raises(NoTemplate, match="neither a file nor a git revision"):
        load("no-such-revision", tmp_path)


def test_the_exit_status_is_that_of_diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "before.yaml", tmp_path / "after.yaml"
    before.write_text(BEFORE, encoding="utf-8")
    after.write_text(BEFORE.replace("Threshold: 1", "Threshold: 2"), encoding="utf-8")

    assert main([str(before), str(before)]) == 0
    assert main([str(before), str(after)]) == 1
    assert "~ Resources.Alarm.Properties.Threshold: 1 -> 2" in capsys.readouterr().out
    assert main([str(before), str(tmp_path / "missing.yaml")]) == 2
