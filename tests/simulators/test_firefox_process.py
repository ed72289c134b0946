"""What stands between Playwright and Firefox changes the one command that Firefox lacks, and nothing else."""

from __future__ import annotations

import io
import json

import pytest

from simulators.browser.firefox_process import read_frame, short_frame, without_effect

LACKING = b'{"id":7,"method":"emulation.setMediaFeaturesOverride","params":{}}'
MASK = b"\x01\x02\x03\x04"


def frame(payload: bytes) -> bytes:
    """One masked frame of text, as RFC 6455 §5.2 has it."""
    length = len(payload)
    size = bytes([0x80 | length]) if length < 126 else b"\xfe" + length.to_bytes(2) if length < 1 << 16 else b""
    size = size or b"\xff" + length.to_bytes(8)
    return b"\x81" + size + MASK + bytes(one ^ MASK[place % 4] for place, one in enumerate(payload))


@pytest.mark.parametrize("length", [0, 1, 125, 126, 999, 65_535, 65_536])
def test_a_frame_passes_as_it_came(length: int) -> None:
    sent = frame(b"x" * length)

    raw, payload = read_frame(io.BytesIO(sent + b"more")) or (b"", b"")

    assert raw == sent
    assert payload == (b"x" * length if length < 1000 else b"")


def test_the_end_of_a_connection_is_no_frame() -> None:
    assert read_frame(io.BytesIO(b"")) is None


def test_a_command_without_effect_is_answered_under_the_same_number() -> None:
    sent = short_frame(without_effect(LACKING))

    _, command = read_frame(io.BytesIO(sent)) or (b"", b"")
    assert json.loads(command) == {"id": 7, "method": "session.status", "params": {}}
