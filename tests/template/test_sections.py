"""The template has one order: parameters, their form in the console and resources have the same sections."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from simulators.template import ROOT, LogicalNames, project_template

TEMPLATE = project_template()
TEXT = (ROOT / "template.yaml").read_text(encoding="utf-8")
INTERFACE = TEMPLATE.body["Metadata"]["AWS::CloudFormation::Interface"]
GROUPS = {group["Label"]["default"]: group["Parameters"] for group in INTERFACE["ParameterGroups"]}
WITHOUT_PARAMETERS = ("Loads of members", "Operators")
"""Sections of resources that no parameter belongs to; they come last."""
ENVIRONMENT = {"Environment": "production", "PublicOrigin": "https://members.example"}


def sections(part: str) -> dict[str, list[str]]:
    """The entries of a part of the template, by the section comment above them."""
    body = re.split(r"^(?=\w)", TEXT.split(f"\n{part}:\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    found: dict[str, list[str]] = {}
    for section, name in re.findall(r"^  (?:# (.+)|(\w+):.*)$", body, flags=re.MULTILINE):
        if section in {*GROUPS, *WITHOUT_PARAMETERS}:
            found[section] = []
        elif name:
            found[list(found)[-1]].append(name)
    return found


def test_every_parameter_is_in_exactly_one_group() -> None:
    grouped = Counter(name for names in GROUPS.values() for name in names)

    assert grouped == Counter(TEMPLATE.body["Parameters"].keys())


def test_every_parameter_has_a_label_of_its_own() -> None:
    labels = {name: label["default"] for name, label in INTERFACE["ParameterLabels"].items()}

    assert list(labels) == list(TEMPLATE.body["Parameters"])
    assert len(set(labels.values())) == len(labels)


def test_the_form_shows_parameters_in_the_order_of_the_template() -> None:
    assert list(sections("Parameters").items()) == list(GROUPS.items())


def test_resources_have_the_sections_of_the_parameters() -> None:
    found = sections("Resources")

    assert list(found) == [*GROUPS, *WITHOUT_PARAMETERS]
    assert [name for names in found.values() for name in names] == list(TEMPLATE.body["Resources"])


def test_a_function_is_followed_by_its_role_and_its_log_group() -> None:
    names = list(TEMPLATE.body["Resources"])

    for function in TEMPLATE.resources("AWS::Serverless::Function"):
        place = names.index(function)
        log_group = TEMPLATE.body["Resources"][function]["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        assert names[place + 1 : place + 3] == [TEMPLATE.role_of(function), log_group]


def test_a_variable_that_functions_share_is_written_once() -> None:
    values = defaultdict(set)
    for function in TEMPLATE.resources("AWS::Serverless::Function"):
        for name, value in TEMPLATE.function_environment(function, LogicalNames(), ENVIRONMENT).items():
            values[name].add(value)
    written = Counter(re.findall(r"^ +([A-Z][A-Z0-9_]+): ", TEXT, flags=re.MULTILINE))

    assert {name: written[name] for name in values} == {name: len(known) for name, known in values.items()}
