"""A deployment that would lose members' tables, keys or PINs by a slip is refused, with the value that keeps them."""

from __future__ import annotations

import pytest

from simulators.template import project_template
from tools.deployment.data import check_data, check_same_data
from tools.deployment.deployed_stack import DeployedStack
from tools.deployment.refusals import DeployRefused

KEYS = {"AdoptedPinKeyArn": "", "CurrentPinKeyArn": "", "FormerPinKeyArns": ""}
COST = {"Argon2MemoryKib": "19456", "Argon2Iterations": "2", "Argon2Lanes": "1", "OlderArgon2Costs": ""}
ADOPTED = sorted(name for name in project_template().body["Parameters"] if name.startswith("Adopted"))
FIRST, SECOND, THIRD = (f"arn:aws:kms:eu-west-3:123456789012:key/{number}" for number in "123")


def stack(parameters: dict[str, str], outputs: dict[str, str] | None = None) -> DeployedStack:
    return DeployedStack("access", "eu-west-3", "UPDATE_COMPLETE", parameters, outputs or {}, {})


@pytest.mark.parametrize("name", ADOPTED)
def test_what_is_adopted_is_not_exchanged_for_something_empty(name: str) -> None:
    with pytest.raises(DeployRefused, match=f'Keep {name} = "restored" in samconfig.toml'):
        check_data(stack({name: "restored"}), {**KEYS, name: ""})


@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("", "restored"), ("restored", "restored"), ("restored", "other")]
)
@pytest.mark.parametrize("name", ADOPTED)
def test_a_table_or_a_key_may_be_adopted(name: str, before: str, after: str) -> None:
    check_data(stack({name: before}), {**KEYS, name: after})


def test_an_older_commit_without_the_parameter_is_refused_too() -> None:
    with pytest.raises(DeployRefused, match="AdoptedMembersTable"):
        check_data(stack({"AdoptedMembersTable": "restored"}), KEYS)


@pytest.mark.parametrize(
    ("present", "sent"),
    [
        (FIRST, {"CurrentPinKeyArn": SECOND}),
        (SECOND, {}),
        (SECOND, {"CurrentPinKeyArn": THIRD, "FormerPinKeyArns": FIRST}),
        (FIRST, {"AdoptedPinKeyArn": SECOND}),
    ],
)
def test_the_key_of_the_present_pin_hashes_stays_in_use(present: str, sent: dict[str, str]) -> None:
    outputs = {"PinKeyArn": present, "ToAdopt": f"AdoptedMembersTable=a AdoptedPinKeyArn={FIRST}"}

    with pytest.raises(DeployRefused, match=f"need the key {present}. Add it to FormerPinKeyArns"):
        check_data(stack({}, outputs), {**KEYS, **sent})


@pytest.mark.parametrize(
    ("present", "sent"),
    [
        (FIRST, {}),
        (FIRST, {"CurrentPinKeyArn": SECOND, "FormerPinKeyArns": FIRST}),
        (SECOND, {"CurrentPinKeyArn": SECOND}),
        (SECOND, {"CurrentPinKeyArn": THIRD, "FormerPinKeyArns": f"{FIRST},{SECOND}"}),
        (FIRST, {"AdoptedPinKeyArn": FIRST}),
    ],
)
def test_a_pin_key_may_be_rotated(present: str, sent: dict[str, str]) -> None:
    outputs = {"PinKeyArn": present, "ToAdopt": f"AdoptedMembersTable=a AdoptedPinKeyArn={FIRST}"}

    check_data(stack({}, outputs), {**KEYS, **sent})


@pytest.mark.parametrize("name", [*ADOPTED, "CurrentPinKeyArn", "FormerPinKeyArns", "FormerSigningKeyArn"])
def test_functions_of_other_tables_or_keys_do_not_answer_again(name: str) -> None:
    with pytest.raises(DeployRefused, match=rf"have changed since that deployment \({name}\)"):
        check_same_data(stack({name: "new", "PinFreeAttempts": "3"}), {name: "old"})


def test_functions_of_the_same_data_answer_again() -> None:
    check_same_data(stack({"AdoptedMembersTable": "a", "PinFreeAttempts": "3"}), {"AdoptedMembersTable": "a"})


@pytest.mark.parametrize(
    "changed",
    [{}, {"OlderArgon2Costs": "m=8,t=1,p=1"}, {"Argon2Lanes": "2", "OlderArgon2Costs": "m=8,t=1,p=1 m=19456,t=2,p=1"}],
)
def test_a_cost_that_stays_in_force_is_taken(changed: dict[str, str]) -> None:
    check_data(stack(COST), {**KEYS, **COST, **changed})


@pytest.mark.parametrize(
    "changed", [{"Argon2Lanes": "2"}, {"Argon2Lanes": "2", "OlderArgon2Costs": "m=194560,t=2,p=1"}]
)
def test_a_cost_that_would_be_forgotten_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(DeployRefused, match="Add m=19456,t=2,p=1 to OlderArgon2Costs"):
        check_data(stack(COST), {**KEYS, **COST, **changed})
