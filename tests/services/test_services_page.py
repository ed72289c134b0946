"""``docs/services.md`` says of tokens what tokens say of themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import jwt
import pytest
from samtranslator.yaml_helper import yaml_parse

from protected_service.levels import Level
from simulators.template import ROOT
from tests.support.service_tokens import TokenMaker

if TYPE_CHECKING:
    from simulators.cloud import Cloud

PAGE = (ROOT / "docs" / "services.md").read_text("utf-8")


@pytest.fixture
def token(cloud: Cloud) -> str:
    return TokenMaker(cloud).good


def test_the_page_explains_every_claim_of_a_token(token: str) -> None:
    table = PAGE.partition("| claim | meaning |")[2].partition("\n\n")[0]
    explained = {
        name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.strip("| ").partition(" | ")[0])
    }

    assert jwt.decode(token, options={"verify_signature": False}).keys() - explained == set()


def test_the_challenge_of_the_page_is_that_of_the_example() -> None:
    template = yaml_parse((ROOT / "examples/protected-service/template.yaml").read_text("utf-8"))
    defaults = {name: parameter.get("Default") for name, parameter in template["Parameters"].items()}
    challenge = PAGE.partition("WWW-Authenticate: ")[2].partition("\n```")[0]

    level = Level(tuple(defaults["Levels"].split()), defaults["LongestAge"])
    assert re.sub(r"\n +", " ", challenge) == level.challenge
