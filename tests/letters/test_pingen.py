"""The Pingen adapter against its fake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from letters.giving_up import Finished, Postponed
from letters.model.job import JobState, LetterId, ProviderCode, ProviderName, ProviderReference
from letters.model.observer import Attention
from letters.model.print_provider import (
    Accepted,
    Deleted,
    Drafted,
    Letter,
    LetterStatus,
    Rejected,
    RetryLater,
    Uploaded,
    Waiting,
)
from letters.providers.http_client import HttpResponse
from letters.providers.pingen.adapter import Pingen, PingenSettings
from member_access.values.types import Instant
from simulators.print_providers.fake_http import in_process
from simulators.print_providers.faults import Fault, FaultKind
from simulators.print_providers.pingen_server import FakePingen
from simulators.samples.letters import address
from tests.letters.scenes import (
    DAY,
    LETTER_ID,
    OWNER,
    PINGEN_SETTINGS,
    Scene,
    credentials,
    letter,
    page,
    pingen_scene,
)

if TYPE_CHECKING:
    from letters.providers.http_client import HttpRequest
    from member_access.postal.address_block import AddressBlock


def fake_of(scene: Scene) -> FakePingen:
    return cast("FakePingen", scene.fake)


def adapter(scene: Scene, owner: str = OWNER) -> Pingen:
    settings = PingenSettings(
        api_url=PINGEN_SETTINGS.api_url,
        token_url=PINGEN_SETTINGS.token_url,
        organisation=PINGEN_SETTINGS.organisation,
        owner=owner,
    )
    return Pingen(settings, in_process(scene.fake), credentials("pingen-client", "pingen-secret"))


LETTER = letter(ProviderName.PINGEN)


def drafted(scene: Scene, sent: Letter = LETTER, owner: str = OWNER) -> ProviderReference:
    provider = adapter(scene, owner)
    uploaded = provider.draft(sent, None, scene.clock.time)
    assert isinstance(uploaded, Uploaded)
    result = provider.draft(sent, uploaded.upload, scene.clock.time)
    assert isinstance(result, Drafted)
    return result.reference


def submitted(scene: Scene) -> ProviderReference:
    reference = drafted(scene)
    scene.clock.advance(60)
    assert isinstance(adapter(scene).submit(LETTER, reference, scene.clock.time), Accepted)
    return reference


def test_a_letter_is_printed_in_colour_if_the_insurer_pays_for_it() -> None:
    scene = pingen_scene()
    reference = drafted(scene)
    scene.clock.advance(60)
    coloured = Pingen(
        replace(PINGEN_SETTINGS, in_colour=True),
        in_process(scene.fake),
        credentials("pingen-client", "pingen-secret"),
    )
    assert isinstance(coloured.submit(LETTER, reference, scene.clock.time), Accepted)
    assert fake_of(scene).orders[reference].attributes["print_spectrum"] == "color"


def test_a_letter_is_one_grey_page_that_is_not_sent_by_itself() -> None:
    scene = pingen_scene()
    attributes = fake_of(scene).orders[submitted(scene)].attributes
    assert {name: value for name, value in attributes.items() if not name.startswith("file_url")} == {
        "file_original_name": f"{OWNER}.{LETTER_ID}.pdf",
        "address_position": "right",
        "auto_send": False,
        "delivery_product": "cheap",
        "print_mode": "simplex",
        "print_spectrum": "grayscale",
    }


def test_the_file_is_put_without_the_access_token() -> None:
    scene = pingen_scene()
    seen: list[HttpRequest] = []
    transport = in_process(scene.fake)

    def watched(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return transport(request)

    provider = Pingen(PINGEN_SETTINGS, watched, credentials("pingen-client", "pingen-secret"))
    assert isinstance(provider.draft(LETTER, None, scene.clock.time), Uploaded)
    [put] = [request for request in seen if request.method == "PUT"]
    assert put.body == page(ProviderName.PINGEN)
    assert "Authorization" not in put.headers


def test_a_lost_reply_to_the_creation_repeats_it_with_the_same_file() -> None:
    scene = pingen_scene()
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.DROP_REPLY, "create_letter"))
    assert scene.deliver() == Postponed(30, ProviderCode("no-reply"))
    assert scene.job().upload is not None
    scene.clock.advance(30)
    scene.deliver()
    assert list(fake_of(scene).orders) == [scene.job().reference]
    assert scene.fake.requests.count("request_upload") == 1
    assert scene.job().upload is None


def test_an_expired_file_is_uploaded_again_and_its_draft_swept() -> None:
    scene = pingen_scene()
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.DROP_REPLY, "create_letter"))
    scene.deliver()
    scene.clock.advance(FakePingen.UPLOAD_SECONDS)
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)
    assert len(fake_of(scene).orders) == 2
    scene.clock.advance(2 * DAY)
    scene.sweep().run(scene.clock.time)
    assert list(fake_of(scene).orders) == [scene.job().reference]


def test_a_file_is_kept_for_half_a_day_at_most() -> None:
    scene = pingen_scene()
    fake_of(scene).UPLOAD_SECONDS = 30 * DAY
    uploaded = adapter(scene).draft(LETTER, None, scene.clock.time)
    assert isinstance(uploaded, Uploaded)
    assert uploaded.upload.expires_at == scene.clock.time + DAY // 2


def test_a_file_that_storage_refuses_is_tried_again() -> None:
    scene = pingen_scene()
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, "upload_file"))
    assert scene.deliver() == Postponed(30, ProviderCode("upload-refused"))
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)


def test_settings_that_pingen_refuses_reject_no_letter() -> None:
    scene = pingen_scene()
    provider = adapter(scene, owner="x" * 256)
    uploaded = provider.draft(LETTER, None, scene.clock.time)
    assert isinstance(uploaded, Uploaded)
    result = provider.draft(LETTER, uploaded.upload, scene.clock.time)
    assert result == RetryLater(900, ProviderCode("file_original_name"))


def test_a_letter_is_sent_once_pingen_has_found_it_valid() -> None:
    scene = pingen_scene()
    scene.open()
    assert scene.deliver() == Postponed(30, ProviderCode("validating"))
    assert scene.job().state is JobState.DRAFTED
    scene.clock.advance(30)
    assert scene.deliver() == Finished(JobState.SUBMITTED)


def test_a_letter_not_valid_after_an_hour_is_rejected() -> None:
    scene = pingen_scene()
    fake_of(scene).validation_seconds = DAY
    scene.open()
    assert scene.deliver_until_done() == Finished(JobState.REJECTED)
    assert 3600 <= scene.clock.time - scene.job().requested_at < 3900
    assert scene.fake.requests.count("read_letter") < 30
    assert scene.job().code == "not-validated"
    assert not fake_of(scene).orders


@pytest.mark.parametrize(
    ("to", "window", "code"),
    [
        (address(first_name="Camille", last_name="Exemple"), ProviderName.PINGEN, "address-misread"),
        (address(), ProviderName.MAILEVA, "action_required"),
    ],
    ids=["another's address", "no address"],
)
def test_a_page_on_which_pingen_reads_another_address_is_not_sent(
    to: AddressBlock, window: ProviderName, code: str
) -> None:
    scene = pingen_scene()
    scene.open()
    wrong = Letter(LETTER_ID, to, lambda: page(window))
    sender = scene.sender(letter_for=lambda _: wrong)
    scene.deliver(sender)
    scene.clock.advance(30)
    assert scene.deliver(sender) == Finished(JobState.REJECTED)
    assert scene.job().code == code
    assert not fake_of(scene).orders


@pytest.mark.parametrize(
    ("status", "expected"), [("printing", Accepted), ("teleporting", Waiting), ("valid", RetryLater)]
)
def test_a_refusal_to_send_is_judged_by_how_the_letter_stands_then(status: str, expected: type) -> None:
    scene = pingen_scene()
    reference = drafted(scene)
    scene.clock.advance(60)
    transport = in_process(scene.fake)

    def refusing(request: HttpRequest) -> HttpResponse:
        if request.url.endswith("/send"):
            fake_of(scene).orders[reference].status = status
            return HttpResponse(422, {}, b'{"errors": [{"code": "refused"}]}')
        return transport(request)

    provider = Pingen(PINGEN_SETTINGS, refusing, credentials("pingen-client", "pingen-secret"))
    assert type(provider.submit(LETTER, reference, scene.clock.time)) is expected


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("validating", JobState.DRAFTED),
        ("fixing", JobState.DRAFTED),
        ("valid", JobState.DRAFTED),
        ("awaiting_credits", JobState.SUBMITTED),
        ("submitted", JobState.SUBMITTED),
        ("accepted", JobState.SUBMITTED),
        ("inspection", JobState.SUBMITTED),
        ("processing", JobState.SUBMITTED),
        ("printing", JobState.SUBMITTED),
        ("transferring", JobState.SUBMITTED),
        ("sent", JobState.POSTED),
        ("delivered", JobState.POSTED),
        ("undeliverable", JobState.UNDELIVERED),
        ("invalid", JobState.REJECTED),
        ("action_required", JobState.REJECTED),
        ("unprintable", JobState.REJECTED),
        ("rejected", JobState.REJECTED),
        ("expired", JobState.REJECTED),
        ("cancelled", None),
        ("teleported", None),
    ],
)
def test_a_status_of_pingen_in_our_states(status: str, state: JobState | None) -> None:
    scene = pingen_scene()
    reference = submitted(scene)
    fake_of(scene).validation_seconds = DAY
    fake_of(scene).orders[reference].valid_at = Instant(scene.clock.time + DAY)
    scene.fake.advance(reference, status)
    found = adapter(scene).status(reference, scene.clock.time)
    assert isinstance(found, LetterStatus)
    assert (found.letter_id, found.state) == (LETTER_ID, state)


def test_a_letter_that_waits_for_credit_calls_for_an_operator() -> None:
    scene = pingen_scene()
    scene.open()
    scene.deliver_until_done()
    reference = scene.job().reference
    assert reference is not None
    scene.fake.advance(reference, "awaiting_credits")
    scene.clock.advance(2 * DAY)
    scene.sweep().run(scene.clock.time)
    assert scene.job().state is JobState.SUBMITTED
    assert scene.observer.attentions == [(LETTER_ID, Attention.NO_CREDIT)]


def test_an_unknown_status_is_waited_for() -> None:
    scene = pingen_scene()
    reference = drafted(scene)
    fake_of(scene).orders[reference].status = "teleporting"
    result = adapter(scene).submit(LETTER, reference, scene.clock.time)
    assert isinstance(result, Waiting)
    assert result.status.state is None


def test_letters_of_others_in_the_organisation_are_left_alone() -> None:
    scene = pingen_scene()
    reference = drafted(scene, owner="another-system")
    assert adapter(scene).drafts(scene.clock.time) == []
    found = adapter(scene).status(reference, scene.clock.time)
    assert isinstance(found, LetterStatus)
    assert found.letter_id is None


def test_drafts_of_the_last_weeks_are_listed_over_all_pages() -> None:
    scene = pingen_scene()
    drafted(scene)
    scene.clock.advance(40 * DAY)
    recent = [drafted(scene, letter(ProviderName.PINGEN, LetterId(f"{number:032x}"))) for number in range(101)]
    submitted(scene)
    found = adapter(scene).drafts(scene.clock.time)
    assert isinstance(found, list)
    assert sorted(draft.reference for draft in found) == sorted(recent)


def test_a_letter_that_was_sent_off_is_not_deleted_as_a_draft() -> None:
    scene = pingen_scene()
    sent = submitted(scene)
    draft = drafted(scene, letter(ProviderName.PINGEN, LetterId("f" * 32)))
    assert adapter(scene).delete_draft(sent, scene.clock.time) == Rejected(ProviderCode("not-a-draft"))
    assert adapter(scene).delete_draft(draft, scene.clock.time) == Deleted()
    assert adapter(scene).delete_draft(draft, scene.clock.time) == Deleted()
    assert list(fake_of(scene).orders) == [sent]
