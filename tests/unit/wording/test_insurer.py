"""The insurer's name and addresses, which go into letters and e-mail headers."""

from __future__ import annotations

from typing import Any

import pytest

from member_access.errors import InvalidValue
from member_access.wording.insurer import Insurer


def insurer(**parts: Any) -> Insurer:  # noqa: ANN401 - any part may be replaced
    return Insurer(
        **{
            "name": "Mutuelle de l’Exemple",
            "address": ("12 rue de l’Exemple", "99999 EXEMPLEVILLE"),
            "site": "adherents.mutuelle.example",
            "helpline": "01 99 00 12 34",
        }
        | parts
    )


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ({"name": " "}, "the insurer's name is empty"),
        ({"site": ""}, "the insurer's site is empty"),
        ({"helpline": ""}, "the insurer's helpline is empty"),
        ({"address": ("12 rue de l’Exemple", "")}, "the insurer's address line 2 is empty"),
        ({"name": "Mutuelle\r\nBcc: a@b.example"}, "the insurer's name has a line break"),
        ({"address": ("12 rue\nde l’Exemple",)}, "the insurer's address line 1 has a line break"),
    ],
)
def test_an_empty_part_or_a_line_break_is_refused_by_name(parts: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidValue, match=complaint):
        insurer(**parts)
