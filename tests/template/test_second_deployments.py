"""The stack is deployed again, played through with what Lambda, CodeDeploy and API Gateway refuse or do not notice.

The templates are stamped as ``make deploy`` stamps them; some tests show what would happen to one that is not.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import TYPE_CHECKING

from simulators.cloudformation import Account
from simulators.expansion import expanded
from simulators.template import project_template, walk
from tests.template.test_lifecycle import NAME, STAGING
from tools.deployment.stamp import stamped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.cloudformation import Stack
    from simulators.template import Node

LOGIN = f"{NAME}-login"
TAGGED = {"Tags": {"cost": "1"}}


@cache
def template(
    *, tagged: bool = False, is_stamped: bool = True, attempt: str = "", **parameters: str
) -> Mapping[str, Node]:
    """What CloudFormation gets for these parameters of staging, with or without a changed tag of one function."""
    body: dict[str, Node] = copy.deepcopy(dict(project_template().body))
    if tagged:
        body["Resources"]["EmailsFunction"]["Properties"] |= TAGGED
    sent = {**project_template().parameter_defaults(), **STAGING, **parameters}
    return expanded(stamped(body, sent, attempt) if is_stamped else body, sent)


def deploy(account: Account, failing: str | None = None, *, of: Mapping[str, Node], **parameters: str) -> Stack:
    return account.deploy(NAME, of, {**STAGING, **parameters}, failing)


def test_a_changed_tag_alone_is_deployed() -> None:
    account = Account()
    deploy(account, of=template())

    assert deploy(account, of=template(tagged=True)).status == "UPDATE_COMPLETE"


def test_without_the_stamp_lambda_would_publish_no_version_for_a_tag() -> None:
    account = Account()
    deploy(account, of=template(is_stamped=False))
    stack = deploy(account, of=template(tagged=True, is_stamped=False))

    assert (stack.status, str(stack.reason)[:21]) == ("UPDATE_ROLLBACK_COMPLETE", "EmailsFunctionVersion")


def test_the_same_deployment_again_changes_nothing() -> None:
    account = Account()
    first = dict(deploy(account, of=template()).resources)

    assert deploy(account, of=template()).resources == first


def test_a_deployment_that_was_taken_back_is_repeated_as_another_attempt() -> None:
    account = Account()
    deploy(account, of=template())
    live = dict(account.serving.live)
    # The alias is the last resource of a function, so its version was published.
    failed = deploy(account, "LoginErrors2", of=with_a_failure(template(tagged=True)))
    assert (failed.status, account.serving.live) == ("UPDATE_ROLLBACK_COMPLETE", live)

    assert "FunctionVersion" in str(deploy(account, of=template(tagged=True)).reason)
    assert deploy(account, of=template(tagged=True, attempt="2026-11-29")).status == "UPDATE_COMPLETE"


def with_a_failure(body: Mapping[str, Node]) -> Mapping[str, Node]:
    """The template with one more resource, which waits for all aliases."""
    aliases = [name for name, node in body["Resources"].items() if node["Type"] == "AWS::Lambda::Alias"]
    added = {"LoginErrors2": {**body["Resources"]["LoginErrors"], "DependsOn": aliases}}
    return {**body, "Resources": {**body["Resources"], **added}}


def test_after_a_rollback_codedeploy_refuses_the_next_deployment() -> None:
    account = Account()
    deploy(account, of=template())
    earlier = account.serving.live[LOGIN]
    deploy(account, of=template(tagged=True))
    account.serving.live[LOGIN] = earlier

    assert deploy(account, of=template()).reason == "LoginFunctionAliaslive"


def test_after_a_rollback_a_deployment_without_codedeploy_goes_through() -> None:
    account = Account()
    deploy(account, of=template())
    earlier = account.serving.live[LOGIN]
    deploy(account, of=template(tagged=True))
    account.serving.live[LOGIN] = earlier

    at_once = {"WatchDeployments": "false"}
    assert deploy(account, of=template(**at_once), **at_once).status == "UPDATE_COMPLETE"
    assert deploy(account, of=template(tagged=True)).status == "UPDATE_COMPLETE"


def origins(account: Account) -> set[str]:
    """What the answers of API Gateway itself say about the origins that may read them."""
    (served,) = account.serving.served.values()
    header = "gatewayresponse.header.Access-Control-Allow-Origin"
    return {str(part[header]) for part in walk(served) if isinstance(part, dict) and header in part}


def test_another_front_end_may_read_the_answers_of_api_gateway_at_once() -> None:
    account, elsewhere = Account(), {"AllowedOrigins": "https://app.mutuelle-des-essais.fr"}
    deploy(account, of=template())
    assert origins(account) == set()

    deploy(account, of=template(**elsewhere), **elsewhere)

    assert origins(account) == {"method.request.header.Origin"}
