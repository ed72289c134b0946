"""E-mail addresses that can be sent to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.errors import InvalidValue
from member_access.values.email_address import EmailAddress


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("camille@example.fr", "camille@example.fr"),
        (" camille.exemple+mutuelle@mail.example.org ", "camille.exemple+mutuelle@mail.example.org"),
        ("Camille.O'Exemple@EXAMPLE.Org", "Camille.O'Exemple@example.org"),
        ("a_b-c@xn--exmple-cva.fr", "a_b-c@xn--exmple-cva.fr"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
        ("1@2.example", "1@2.example"),
    ],
)
def test_an_address_is_kept_and_its_domain_lower_cased(text: str, address: str) -> None:
    assert EmailAddress.parse(text).reveal() == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "camille",
        "camille@",
        "@example.fr",
        "camille@example",
        "camille@@example.fr",
        "camille@exam ple.fr",
        "camille exemple@example.fr",
        ".camille@example.fr",
        "camille.@example.fr",
        "cam..ille@example.fr",
        "camille@-example.fr",
        "camille@example-.fr",
        "camille@example..fr",
        "camille@example.fr.",
        "camille@192.0.2.1",
        "camille@[192.0.2.1]",
        '"camille exemple"@example.fr',
        "Camille <camille@example.fr>",
        "camille@example.fr,noe@example.fr",
        "camille@example.fr\r\nBcc: noe@example.fr",
        "camille@example.fr\n",
        "camille@example.fr\x00",
        "zoé@example.fr",
        "camille@exämple.fr",
        f"{'a' * 65}@example.org",
        f"camille@{'a' * 64}.fr",
        f"camille@{'a.' * 122}example.fr",
    ],
)
def test_what_cannot_be_sent_to_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        EmailAddress.parse(text)


@given(st.text() | st.emails())
def test_an_address_that_is_taken_has_no_room_for_a_header(text: str) -> None:
    try:
        address = EmailAddress.parse(text).reveal()
    except InvalidValue:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' ,;:<>()[]"\\')
    assert len(address) <= 254


def test_an_address_hides_itself() -> None:
    assert "camille" not in repr(EmailAddress.parse("camille@example.fr"))
