"""Reading a template: intrinsic functions are worked out, or refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.template import ApiEvent, Statement, Template, UnreadableTemplate

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
Parameters:
  Stage: { Type: String, Default: quiet }
  Owner: { Type: String }
  Tries: { Type: Number, Default: 3 }
Mappings:
  Volumes:
    quiet: { Decibel: 20 }
Conditions:
  IsLoud: !Equals [!Ref Stage, loud]
  IsQuiet: !Not [!Condition IsLoud]
  IsBoth: !And [!Condition IsLoud, !Condition IsQuiet]
  IsEither: !Or [!Condition IsLoud, !Condition IsQuiet]
Globals:
  Function:
    Environment:
      Variables: { STAGE: !Ref Stage, TRIES: !Ref Tries }
Resources:
  Bell:
    Type: AWS::Serverless::Function
    Properties:
      Role: !GetAtt BellRole.Arn
      Environment:
        Variables: { TABLE: !Ref Rings, TRIES: "4" }
      Events:
        Ring: { Type: Api, Properties: { Path: /ring, Method: post } }
        Timer: { Type: Schedule, Properties: { Schedule: rate(1 hour) } }
  Whistle:
    Type: AWS::Serverless::Function
    Properties: {}
  BellRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: bell
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: dynamodb:GetItem
                Resource: [!GetAtt Rings.Arn, !If [IsLoud, !GetAtt Horn.Arn, !Ref AWS::NoValue]]
  Rings:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      TimeToLiveSpecification: { AttributeName: expires_at, Enabled: true }
  Horn:
    Type: AWS::KMS::Key
    Properties: { KeySpec: HMAC_256, KeyUsage: GENERATE_VERIFY_MAC }
"""


@pytest.fixture
def template(tmp_path: Path) -> Template:
    file = tmp_path / "template.yaml"
    file.write_text(SOURCE, encoding="utf-8")
    return Template.read(file)


def test_a_function_s_environment_is_the_shared_one_and_over_it_its_own(template: Template) -> None:
    environment = template.function_environment("Bell", {"Rings": "rings-1"})

    assert environment == {"STAGE": "quiet", "TRIES": "4", "TABLE": "rings-1"}


def test_a_given_parameter_stands_in_for_the_default(template: Template) -> None:
    environment = template.function_environment("Bell", {"Rings": "rings-1"}, {"Stage": "loud"})

    assert environment["STAGE"] == "loud"


def test_an_entry_without_a_value_does_not_exist(template: Template) -> None:
    assert template.role_statements("BellRole") == [Statement("Allow", ("dynamodb:GetItem",), ("Rings.Arn",), {})]


def test_a_condition_chooses_between_two_values(template: Template) -> None:
    (statement,) = template.role_statements("BellRole", parameters={"Stage": "loud"})

    assert statement.resources == ("Rings.Arn", "Horn.Arn")


@pytest.mark.parametrize(
    ("condition", "holds"), [("IsLoud", False), ("IsQuiet", True), ("IsBoth", False), ("IsEither", True)]
)
def test_conditions_are_worked_out(template: Template, condition: str, holds: bool) -> None:
    assert template.resolve({"Fn::If": [condition, True, False]}, {}) is holds


@pytest.mark.parametrize(("stage", "holds"), [("quiet", True), ("loud", False)])
def test_the_condition_of_a_rule_is_worked_out(template: Template, stage: str, holds: bool) -> None:
    rule = {"Fn::Not": [{"Fn::Contains": [["loud", "shrill"], {"Ref": "Stage"}]}]}

    assert template.holds(rule, {"Stage": stage}) is holds


@pytest.mark.parametrize(
    ("node", "text"),
    [
        ({"Fn::Sub": "${AWS::StackName}-${Stage}"}, "test-quiet"),
        ({"Fn::Sub": "${Rings.Arn}/index"}, "arn:rings/index"),
        ({"Fn::Sub": ["${Rings.Arn}/${part}", {"part": {"Ref": "Stage"}}]}, "arn:rings/quiet"),
        ({"Fn::FindInMap": ["Volumes", {"Ref": "Stage"}, "Decibel"]}, 20),
        ({"Fn::Sub": "left as ${!it} is"}, "left as ${!it} is"),
        ({"Fn::Sub": ["${a}-${Stage}", {"a": {"Ref": "Stage"}}]}, "quiet-quiet"),
        ({"Fn::Sub": ["${which}-${Stage}", {"which": {"Ref": "Rings"}}]}, "arn:rings-1-quiet"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}]]}, "a-quiet"),
        ({"Fn::Select": [1, {"Fn::Split": [":", {"Fn::GetAtt": ["Rings", "Arn"]}]}]}, "rings"),
        ({"Fn::Select": [0, [{"Ref": "Stage"}, "loud"]]}, "quiet"),
    ],
)
def test_texts_are_put_together_and_taken_apart(template: Template, node: object, text: object) -> None:
    assert template.resolve(node, {"Rings": "arn:rings-1", "Rings.Arn": "arn:rings"}) == text


@pytest.mark.parametrize(
    ("node", "complaint"),
    [
        ({"Ref": "Owner"}, "Owner"),
        ({"Ref": "Nothing"}, "Nothing"),
        ({"Ref": "Rings"}, "value of the resource Rings was not given"),
        ({"Fn::GetAtt": ["Rings", "Arn"]}, "value of the resource Rings.Arn was not given"),
        ({"Fn::If": ["Never", 1, 2]}, "condition Never"),
        ({"Fn::Base64": "text"}, "Fn::Base64"),
        ({"Fn::Select": [2, {"Fn::Split": ["/", "a/b"]}]}, "no part 2 of"),
        ({"Fn::Select": [-1, ["a", "b"]]}, "no part -1 of"),
        ({"Fn::Select": [0, {"Ref": "Stage"}]}, "no part 0 of quiet"),
        ({"Fn::Sub": ["${a}"]}, "Fn::Sub"),
        ({"Fn::Sub": ["${a}", ["a"]]}, "Fn::Sub"),
        ({"Fn::FindInMap": ["Volumes", "loud", "Decibel"]}, "Volumes has no value for loud, Decibel"),
    ],
)
def test_what_is_not_known_is_refused_by_name(template: Template, node: object, complaint: str) -> None:
    with pytest.raises(UnreadableTemplate, match=complaint):
        template.resolve(node, {})


def test_tables_and_keys_are_those_of_the_template(template: Template) -> None:
    (table,) = template.tables().values()
    (key,) = template.keys().values()

    assert table.create_table == {
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    }
    assert table.time_to_live == {"AttributeName": "expires_at", "Enabled": True}
    assert (key.spec, key.usage) == ("HMAC_256", "GENERATE_VERIFY_MAC")


def test_the_api_s_events_are_found_and_no_others(template: Template) -> None:
    assert template.api_events() == [ApiEvent("/ring", "POST", "Bell")]


def test_a_function_has_the_role_that_it_names(template: Template) -> None:
    assert template.role_of("Bell") == "BellRole"


def test_a_function_without_a_role_is_refused(template: Template) -> None:
    with pytest.raises(UnreadableTemplate, match="Whistle"):
        template.role_of("Whistle")
