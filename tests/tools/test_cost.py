"""The tables of ``docs/scaling.md`` are those of the command, and its arithmetic is right."""

from __future__ import annotations

import json

import pytest

from tools.cost.__main__ import TARGET
from tools.cost.bill import ASSUMPTIONS, Duration, bill, log_bytes, templates
from tools.cost.idle import idle, metric_names, metrics_of
from tools.cost.prices import PRICES, REGIONS, Prices, sources
from tools.cost.quotas import quotas
from tools.cost.tables import COMMAND, PROMISES, first_quotas, sign_ins, written_into
from tools.cost.usage import COUNTED_BEFORE, Flow, Step, Usage
from tools.sections import begin

CALL = Step(
    name="POST /login",
    function="LoginFunction",
    requests=1,
    invocations=1,
    counts={"dynamodb:ReadRequestUnits": 4, "dynamodb:WriteRequestUnits": 10, "kms:Sign": 1},
    writes={"Put SESSION#": 10},
    log_events=1,
    log_bytes=100,
    answer_bytes=1000,
    hops=2,
    argon2=1,
    provider_calls=0,
)


def test_the_committed_tables_are_those_of_the_command() -> None:
    committed = TARGET.read_text(encoding="utf-8")
    assert written_into(committed) == committed, "run: make cost"


def test_tables_without_a_place_are_refused_with_what_is_missing() -> None:
    with pytest.raises(SystemExit, match="one of these marks is missing"):
        written_into(f"# Cost\n\n{begin(COMMAND, 'flows')}\n")


def test_the_earlier_commit_used_what_its_review_counted() -> None:
    before = Usage.read(COUNTED_BEFORE).flows
    sign_in, known, refresh = before["sign-in"], before["sign-in in a known browser"], before["refresh"]
    assert (sign_in.rru, sign_in.wru, sign_in.calls("kms")) == (5, 7, 2)
    assert known.wru == 5
    assert (refresh.rru, refresh.wru, refresh.counts["kms:Sign"]) == (1, 4, 1)


def test_a_bill_multiplies_counts_by_prices() -> None:
    costs = bill(Flow("call", (CALL,)), Prices.read("us-east-1"))
    million = {service: round(1e6 * cost, 2) for service, cost in costs.items()}
    assert (million["DynamoDB reads"], million["DynamoDB writes"], million["KMS"]) == (0.5, 6.25, 3.0)
    assert (million["API Gateway"], million["WAF"], million["SES"]) == (3.5, 1.2, 0)


def test_a_small_function_takes_longer_for_the_same_work() -> None:
    whole, part = Duration.of(CALL), Duration.of(Step(**{**vars(CALL), "function": "IdentifierFunction"}))
    assert whole.seconds == pytest.approx(0.024 + 0.011 + 2 * 0.015 + 0.010)
    assert part.seconds > 2 * whole.seconds
    assert part.gb_seconds < whole.gb_seconds


def test_log_bytes_include_the_lines_of_lambda() -> None:
    assert log_bytes(Flow("call", (CALL,))) >= 100 + 275 + 4 * 26


def test_a_price_without_a_source_is_named_and_never_hidden() -> None:
    prices = Prices.read("eu-west-3")
    assert prices.of("api request") == Prices.read("us-east-1").of("api request")
    assert prices.unsourced == {"api request"}
    assert "estimate" in {row[2] for row in sources() if row[0] == "api request"}


@pytest.mark.parametrize("region", REGIONS)
def test_each_price_has_a_source_and_a_status(region: str) -> None:
    for name, entry in json.loads(PRICES.read_text(encoding="utf-8"))["prices"].items():
        assert entry["source"].startswith("https://aws.amazon.com/"), name
        assert entry["status"], name
        assert entry[region] is None or entry[region] > 0, name


def test_each_stated_number_has_a_source() -> None:
    stated = json.loads(ASSUMPTIONS.read_text(encoding="utf-8"))
    assert [name for name, one in stated.items() if not one["source"] or not one["what"]] == []


def test_each_write_of_a_sign_in_keeps_a_promise() -> None:
    flows = Usage.read().flows
    written = {what for name, flow in flows.items() if name.startswith("sign-in") for what in flow.steps[0].writes}
    assert written == PROMISES.keys()


def test_the_quota_that_is_met_first_is_at_the_head() -> None:
    flows = Usage.read().flows
    met = [quota.reached_at for quota in quotas(flows["sign-in"], flows["refresh"])]
    assert met == sorted(met)
    assert first_quotas().count("**") >= 2


def test_idle_cost_counts_the_template() -> None:
    rows = {name: count for name, count, _ in idle(Usage.read(), Prices.read("us-east-1"))}
    assert rows["kms key"] == sum(len(one.resources("AWS::KMS::Key")) for one in templates())
    assert rows["waf acl"] == 2
    assert {"login.succeeded", "login.failed-known-browser", "identity.screen"} <= metric_names()
    assert (rows["dashboard"], rows["sqs request"], rows["sign-in of the test member"]) == (1, 2_592_000, 8_640)


@pytest.mark.parametrize(("alarm", "metrics"), [("LoginErrors", 1), ("SignInsFail", 2), ("FailedSignInsUnusual", 3)])
def test_an_alarm_costs_by_its_metrics(alarm: str, metrics: int) -> None:
    # Amazon CloudWatch pricing: an alarm on a band of anomalies has three metrics, one on an expression those of it.
    assert metrics_of(templates()[0].body["Resources"][alarm]["Properties"]) == metrics


def test_the_sign_in_is_compared_with_the_aim() -> None:
    assert "The aim is 18" in sign_ins()
