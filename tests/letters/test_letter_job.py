"""States, ranks and delays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.model.job import JobState, LetterId, ProviderCode, ProviderReference, delay_after
from letters.model.print_provider import LetterStatus
from letters.status_updates import apply_status
from member_access.errors import InvalidValue
from tests.letters.scenes import LETTER_ID, maileva_scene


@given(st.lists(st.sampled_from([*JobState, None])))
def test_reports_in_any_order_never_move_a_job_back(reported: list[JobState | None]) -> None:
    scene = maileva_scene()
    scene.open()
    ranks = [scene.job().state.rank]
    for state in reported:
        status = LetterStatus(letter_id=LETTER_ID, state=state, code=ProviderCode("word"))
        apply_status(scene.jobs, scene.observer, scene.job(), status, scene.clock.time)
        ranks.append(scene.job().state.rank)
    assert ranks == sorted(ranks)
    assert ranks[-1] == max((state.rank for state in reported if state), default=0)


def test_posted_outranks_rejected_and_returned_outranks_both() -> None:
    assert JobState.REJECTED.rank < JobState.POSTED.rank < JobState.UNDELIVERED.rank


def test_attempts_come_ever_later_and_at_most_a_quarter_of_an_hour_apart() -> None:
    assert [delay_after(attempts) for attempts in range(1, 8)] == [30, 60, 120, 240, 480, 900, 900]


@pytest.mark.parametrize("text", ["", "short", "x" * 33, "0123456789abcdef/", "0123456789abcdéf", "LETTER#0123456789"])
def test_a_letter_identifier_has_only_characters_that_every_provider_takes(text: str) -> None:
    with pytest.raises(InvalidValue):
        LetterId.parse(text)


@pytest.mark.parametrize("text", ["", "../sendings", "a/b", "a?b", "x" * 65, "a b"])
def test_a_provider_reference_cannot_change_the_path_of_a_request(text: str) -> None:
    with pytest.raises(InvalidValue):
        ProviderReference.parse(text)


def test_a_provider_word_that_is_no_code_is_not_kept() -> None:
    assert ProviderCode.clean("ADDRESS_LINE_6_WRONG_FORMAT") == "ADDRESS_LINE_6_WRONG_FORMAT"
    assert ProviderCode.clean("33 avenue de l'Hôpital is too long") == "unreadable"
