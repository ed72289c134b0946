"""The page of the figures follows from the committed ones, and its pictures show what they say."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest

from bench import costs
from bench.inside.profiling import part_of
from bench.inside.wire import Wire, subject
from bench.pictures import pictures
from bench.plots import lines, stacked
from bench.spread import Spread, ratios, spread
from bench.tables import SECTIONS
from bench.written import COMMITTED, DOCUMENT, documents, rounded

SVG = "{http://www.w3.org/2000/svg}"


def widths(svg: str) -> dict[str, float]:
    """The widths of the bars, by what shows when someone points at them."""
    bars = ET.fromstring(svg).iter(f"{SVG}rect")  # noqa: S314 - our own picture
    return {title.text or "": float(bar.attrib["width"]) for bar in bars for title in bar.iter(f"{SVG}title")}


def test_the_documents_have_the_committed_figures() -> None:
    for document, written in documents(json.loads(COMMITTED.read_text(encoding="utf-8"))).items():
        assert document.read_text(encoding="utf-8") == written, "run: python -m bench --write"


def test_the_pictures_show_the_committed_figures() -> None:
    for name, picture in pictures(json.loads(COMMITTED.read_text(encoding="utf-8"))).items():
        assert (DOCUMENT.parent / name).read_text(encoding="utf-8") == picture, "run: python -m bench --write"
        assert f"]({name})" in DOCUMENT.read_text(encoding="utf-8")


def test_every_table_and_picture_has_its_figures() -> None:
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))

    assert {part for part, _ in SECTIONS.values()} <= committed.keys()
    assert len(pictures(committed)) == 3


def test_the_committed_cost_is_that_of_the_counted_calls() -> None:
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))["cost"]

    assert rounded(costs.measure()) == {name: committed[name] for name in ("region", "flows")}, (
        "run: python -m bench --write cost"
    )


def test_bars_are_as_long_as_their_figures() -> None:
    bars = widths(stacked("Time", {"a": {"argon2": 20.0, "rest": 5.0}, "b": {"argon2": 10.0}}, "ms"))

    assert bars["argon2: 20.00 ms"] == pytest.approx(2 * bars["argon2: 10.00 ms"])
    assert bars["argon2: 20.00 ms"] == pytest.approx(4 * bars["rest: 5.00 ms"])


def test_parts_beyond_the_colours_are_shown_as_the_rest() -> None:
    bars = widths(stacked("Time", {"a": {f"part {number}": 100.0 - number for number in range(14)}}, "ms"))

    assert len(bars) == 10
    assert f"the rest: {sum(100 - number for number in range(9, 14)):.2f} ms" in bars


def test_a_flat_line_is_level() -> None:
    series = {"sign-in": {"1,000": 20.0, "1,000,000": 20.0}, "reset": {"1,000": 10.0, "1,000,000": 5.0}}
    drawn = re.findall('points="([^"]*)"', lines("Time", series, "ms"))
    heights = [{y for _, y in re.findall(r"([\d.]+),([\d.]+)", points)} for points in drawn]

    assert sorted(map(len, heights)) == [1, 2]


def test_names_in_a_picture_are_escaped() -> None:
    assert ET.fromstring(stacked('A "b" < c', {"<row>": {"&part": 1.0}}, "ms")) is not None  # noqa: S314 - our own picture


def test_ratios_compare_within_a_round() -> None:
    assert ratios([2.0, 20.0, 200.0], [1.0, 10.0, 100.0]) == Spread(median=2.0, low=2.0, high=2.0)
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0]) == Spread(median=3.0, low=2.0, high=4.0)
    assert spread([7.0]) == Spread(median=7.0, low=7.0, high=7.0)


def test_figures_keep_four_digits() -> None:
    assert rounded({"a": 1.234567, "b": {"c": 1234567.8, "d": 3}}) == {"a": 1.235, "b": {"c": 1235000.0, "d": 3}}


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("/opt/python/botocore/useragent.py", "botocore: user agent"),
        ("/opt/python/botocore/retries/standard.py", "botocore: retries"),
        ("/opt/python/botocore/utils.py", "botocore: other"),
        ("/opt/python/argon2/low_level.py", "argon2"),
        ("/opt/python/member_access/api/router.py", "own code"),
        ("/var/task/login/sign_in.py", "own code"),
        ("/var/lang/lib/python3.13/json/decoder.py", "Python's json"),
        ("/var/lang/lib/python3.13/threading.py", "Python's threading"),
        ("/var/task/pypdfium2/_helpers/textpage.py", "pypdfium2"),
        ("<string>", "Python's other"),
        ("/project/bench/inside/wire.py", "the measurement"),
    ],
)
def test_time_goes_to_the_package_of_its_file(file: str, part: str) -> None:
    assert part_of(file) == part


def test_a_request_is_known_by_the_kinds_of_its_items() -> None:
    body = b'{"Key": {"pk": {"S": "SESSION#4f1d"}}, "Other": {"pk":{"S":"MEMBER#A1234567"}}}'

    assert subject("DynamoDB_20120810.UpdateItem", body) == b"SESSION MEMBER"
    assert subject("TrentService.GenerateMac", b'{"KeyId": "key", "Message": "bWVtYmVy"}') == b"key bWVtYmVy"
    assert subject("TrentService.Sign", b'{"KeyId": "key", "Message": "anything"}') == b"key "


def test_a_call_that_was_not_recorded_is_an_error() -> None:
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - one test alone

    headers = {"X-Amz-Target": "DynamoDB_20120810.Scan"}
    request = AWSRequest("POST", "https://dynamodb.eu-west-3.amazonaws.com/", headers=headers, data=b"{}").prepare()

    with pytest.raises(LookupError, match=r"DynamoDB_20120810\.Scan"):
        Wire([]).answer(request)
