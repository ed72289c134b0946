"""Keeps a deployment from losing members' data by a slip: their tables, their keys, the cost of their PIN hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.deployment.deployed_stack import DeployedStack

_ADOPTED = "Adopted"
_ADOPTED_PIN_KEY = "AdoptedPinKeyArn"
_KEYS = ("CurrentPinKeyArn", "FormerPinKeyArns", "NextSigningKeyArn", "FormerSigningKeyArn")
_ARGON2 = ("Argon2MemoryKib", "Argon2Iterations", "Argon2Lanes")


def check_data(stack: DeployedStack, sent: Mapping[str, str]) -> None:
    """Reject parameters under which the stack would make an empty table or a new key, or no PIN hash would match.

    Args:
        stack: as it is deployed.
        sent: the parameters of the deployment.

    Raises:
        DeployRefused: names the parameter and the value that keeps the data.
    """
    for name, adopted in sorted(stack.parameters.items()):
        if name.startswith(_ADOPTED) and adopted and not sent.get(name):
            raise DeployRefused(
                f"The stack uses {adopted} ({name}), and this deployment would make a new, empty one instead. Keep "
                f'{name} = "{adopted}" in samconfig.toml, or name another.'
            )
    _check_pin_key(stack, sent)
    _check_argon2_costs(stack, sent)


def check_same_data(stack: DeployedStack, kept: Mapping[str, str]) -> None:
    """Reject to let the functions of a deployment answer again whose tables or keys are no longer those of the stack.

    Their settings name the tables and keys of that time, and the roles those of today.

    Args:
        stack: as it is deployed.
        kept: the parameters of the earlier deployment.

    Raises:
        DeployRefused: names the parameters that differ.
    """
    names = sorted({name for name in stack.parameters if name.startswith(_ADOPTED)} | {*_KEYS})
    if changed := [name for name in names if kept.get(name, "") != stack.parameters.get(name, "")]:
        raise DeployRefused(
            f"The tables or keys have changed since that deployment ({', '.join(changed)}): its functions would use "
            "the former ones, which their roles no longer allow. Correct the code by a deployment, or go back with "
            "PART=portal alone."
        )


def _check_pin_key(stack: DeployedStack, sent: Mapping[str, str]) -> None:
    # The stack's own key has a name in this output alone.
    adopted = dict(pair.split("=", 1) for pair in stack.outputs.get("ToAdopt", "").split() if "=" in pair)
    first = sent[_ADOPTED_PIN_KEY] or adopted.get(_ADOPTED_PIN_KEY, "")
    present = stack.outputs.get("PinKeyArn", "")
    if present and present not in {sent["CurrentPinKeyArn"] or first, *sent["FormerPinKeyArns"].split(",")}:
        raise DeployRefused(
            f"The PIN hashes of now need the key {present}. Add it to FormerPinKeyArns, or no member can sign in with "
            "the present PIN."
        )


def _check_argon2_costs(stack: DeployedStack, sent: Mapping[str, str]) -> None:
    if not stack.parameters.keys() >= set(_ARGON2):
        return
    before, after = ("m={},t={},p={}".format(*(known[name] for name in _ARGON2)) for known in (stack.parameters, sent))
    if before != after and before not in sent["OlderArgon2Costs"].split():
        raise DeployRefused(
            f"The PIN hashes that exist have the cost {before}; the new one is {after}. Add {before} to "
            "OlderArgon2Costs, or no member can sign in with the present PIN."
        )
