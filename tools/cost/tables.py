"""The tables of ``docs/scaling.md``."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from tools import sections
from tools.cost.bill import ASSUMPTIONS, Duration, bill, log_bytes, page
from tools.cost.idle import MEMBERS, idle
from tools.cost.prices import REGIONS, Prices, sources
from tools.cost.quotas import QUOTAS, RATES, quotas
from tools.cost.usage import COUNTED_BEFORE, Usage
from tools.numbers import number, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.cost.quotas import Quota
    from tools.cost.usage import Flow

COMMAND = "tools.cost"
AIM = 18
"""Dollars for a million sign-ins."""

_MILLION = 1_000_000
_SIGN_INS = ("sign-in", "sign-in over IPv6", "sign-in in a known browser")
_FREE_COGNITO = {"lite": 10_000, "essentials": 10_000, "plus": 0}
_SIGN_INS_A_MONTH = 4

PROMISES = {
    "Update SOURCE#": "a burst from one address gets no guess more than its limit; a success takes the claim back",
    "Update SIGN_INS#": "the guess is counted before the PIN is looked at; a success clears it, starts the session and "
    "makes the browser known, unless a new PIN has overtaken it",
    "Put EMAIL#": "the member learns of a sign-in in a new browser (`NewBrowser=notify`), once a day",
}
"""The promise that each write of a sign-in keeps."""


def flows() -> str:
    """Write what each flow uses and costs."""
    usage, everywhere = Usage.read(), [Prices.read(region) for region in REGIONS]
    rows = [
        [
            flow.name,
            str(flow.requests),
            str(flow.rru),
            str(flow.wru),
            str(flow.calls("kms")),
            str(flow.calls("sqs")),
            str(flow.calls("sesv2")),
            f"{log_bytes(flow):,.0f}",
            f"{1000 * sum(Duration.of(step).seconds for step in flow.steps):,.0f}",
            *(_dollars(_MILLION * sum(bill(flow, prices).values())) for prices in everywhere),
        ]
        for flow in usage.flows.values()
    ]
    used = [">requests", ">RRU", ">WRU", ">KMS", ">SQS", ">e-mails", ">log bytes", ">Lambda ms"]
    columns = ["flow", *used, *(f">$ a million, {region}" for region in REGIONS)]
    again, first = (_dollars(_MILLION * cost) for cost in page(everywhere[0]).values())
    return f"""\
{table(columns, rows)}

The portal's first page adds {again} dollars a million visits, in requests of CloudFront and of its firewall and in
their log, and {first} when the browser has none of its files yet. Postage is not among these costs.

{_unsourced(everywhere)}"""


def sign_ins() -> str:
    """Write the bill of a sign-in beside that of the earlier commit."""
    usage, before, prices = Usage.read(), Usage.read(COUNTED_BEFORE), Prices.read(REGIONS[0])
    compared = {"ad111e0": before.flows["sign-in"], **{name: usage.flows[name] for name in _SIGN_INS}}
    bills = {name: bill(flow, prices) for name, flow in compared.items()}
    services = [service for service in bills["sign-in"] if any(one[service] for one in bills.values())]
    rows = [[service, *(_dollars(_MILLION * one[service]) for one in bills.values())] for service in services]
    totals = {name: _MILLION * sum(one.values()) for name, one in bills.items()}
    rows.append(["**all**", *(f"**{_dollars(total)}**" for total in totals.values())])
    over = totals["sign-in"] - AIM
    return f"""\
{table(["service", *(f">{name}" for name in bills)], rows)}

Dollars for a million sign-ins in {REGIONS[0]}; ad111e0 with the present firewall and logs. The aim is {AIM}. A sign-in
from an unknown browser is {_dollars(over)} above it, that of ad111e0 {_dollars(totals["ad111e0"] - AIM)}."""


def promises() -> str:
    """Write what the writes of a sign-in cost, and which promise each keeps."""
    usage, prices = Usage.read(), Prices.read(REGIONS[0])
    written = [_writes(usage.flows[name]) for name in _SIGN_INS]
    rows = [
        [
            f"`{what}`",
            promise,
            *(str(one[what] or "") for one in written),
            _dollars(_MILLION * prices.of("dynamodb WRU") * written[0][what]) if written[0][what] else "",
        ]
        for what, promise in PROMISES.items()
    ]
    headings = ["write", "promise", ">now", ">over IPv6", ">known browser", ">now, $ a million"]
    return table(headings, rows)


def by_the_month() -> str:
    """Write what costs without any use."""
    usage, everywhere = Usage.read(), [Prices.read(region) for region in REGIONS]
    lists = [idle(usage, prices) for prices in everywhere]
    rows = [
        [name, f"{count:,}" if isinstance(count, int) else count, *(_dollars(one[position][2]) for one in lists)]
        for position, (name, count, _) in enumerate(lists[0])
    ]
    rows.append(["**all**", "", *(f"**{_dollars(sum(row[2] for row in one))}**" for one in lists)])
    return table(["what", ">number", *(f">$ a month, {region}" for region in REGIONS)], rows)


def first_quotas() -> str:
    """Write the quotas in the order in which a growing rate of sign-ins meets them."""
    flows_ = Usage.read().flows
    found = quotas(flows_["sign-in"], flows_["refresh"])
    rows = [
        [
            quota.name,
            f"{quota.limit:,.0f}",
            number(quota.use),
            f"{quota.reached_at:,.0f}",
            *(_share(quota, rate) for rate in RATES),
            quota.remedy,
        ]
        for quota in found
    ]
    columns = ["quota", ">limit", ">a sign-in uses", ">met at, a second", *(f">at {rate:,}" for rate in RATES)]
    listed = "\n".join(f"- {quota.name}: {quota.source}" for quota in found)
    date = json.loads(QUOTAS.read_text(encoding="utf-8"))["date"]
    return f"{table([*columns, 'what to do'], rows)}\n\nSources, read {date}:\n\n{listed}"


def cognito() -> str:
    """Write the list price of Amazon Cognito beside that of this service."""
    usage, prices = Usage.read(), Prices.read(REGIONS[0])
    month = sum(row[2] for row in idle(usage, prices))
    sign_in, refresh = (sum(bill(usage.flows[name], prices).values()) for name in ("sign-in", "refresh"))
    visit = page(prices)["again"]
    own = month + MEMBERS * _SIGN_INS_A_MONTH * (sign_in + refresh + visit)
    rows = [["this service, all of AWS", f"{own:,.0f}"]]
    for plan, free in _FREE_COGNITO.items():
        rows.append([f"Cognito {plan.capitalize()}", f"{(MEMBERS - free) * prices.of(f'cognito {plan}'):,.0f}"])
    return f"""\
{table(["service", ">$ a month"], rows)}

{MEMBERS:,} members who are active in the month, each with {_SIGN_INS_A_MONTH} visits, sign-ins and refreshes. Cognito's
price does not depend on their number. E-mails, and a firewall before Cognito, cost extra there.

{_unsourced([prices])}"""


def inputs() -> str:
    """Write the prices and the stated numbers, with their sources."""
    stated = json.loads(ASSUMPTIONS.read_text(encoding="utf-8"))
    rows = [[one["what"], f"{one['value']:,}", one["source"]] for one in stated.values()]
    prices = table(["price", *(f">{region}" for region in REGIONS), "for", "source"], sources())
    return f"{prices}\n\n{table(['stated, not counted', '>value', 'source'], rows)}"


SECTIONS: dict[str, Callable[[], str]] = {
    "flows": flows,
    "sign-ins": sign_ins,
    "promises": promises,
    "by the month": by_the_month,
    "quotas": first_quotas,
    "cognito": cognito,
    "inputs": inputs,
}
"""What is written, by the name in its mark."""


def written_into(text: str) -> str:
    """Replace each table between its marks in a text.

    Raises:
        SystemExit: a mark is missing.
    """
    return sections.written_into(text, COMMAND, {section: written() for section, written in SECTIONS.items()})


def _writes(flow: Flow) -> Counter[str]:
    return sum((Counter(step.writes) for step in flow.steps), Counter())


def _share(quota: Quota, rate: int) -> str:
    share = rate / quota.reached_at
    return f"**{share:,.0%}**" if share > 1 else f"{share:,.0%}"


def _unsourced(everywhere: list[Prices]) -> str:
    parts = [f"{prices.region}: {', '.join(sorted(prices.unsourced))}" for prices in everywhere if prices.unsourced]
    return f"Estimates, because no public source was found (us-east-1 stands in): {'; '.join(parts)}." if parts else ""


def _dollars(amount: float) -> str:
    return f"{amount:,.2f}"
