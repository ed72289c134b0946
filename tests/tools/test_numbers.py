"""Numbers and tables are written as the documents show them."""

from __future__ import annotations

import pytest

from tools.numbers import number, percentage, table


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.00061856, "0.00062"),
        (0.001, "0.001"),
        (0.49206, "0.49"),
        (1.0, "1"),
        (10.2, "10"),
        (4619.04, "4,619"),
        (1_000_000.0, "1,000,000"),
    ],
)
def test_numbers_are_written_with_significant_digits(value: float, text: str) -> None:
    assert number(value) == text
    assert percentage(value / 100) == (f"{text} %" if value < 100 else "100 %")


def test_columns_of_numbers_are_set_to_the_right() -> None:
    assert table(["secret", ">guesses"], [["PIN", "3"]]) == "| secret | guesses |\n|---|---:|\n| PIN | 3 |"
