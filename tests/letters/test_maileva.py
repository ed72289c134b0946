"""The Maileva adapter against its fake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from letters.giving_up import Finished, Postponed, Suspended
from letters.model.job import JobState, LetterId, ProviderCode, ProviderName, ProviderReference
from letters.model.observer import Attention
from letters.model.print_provider import Accepted, Deleted, Drafted, Letter, LetterStatus, Rejected, RetryLater, Unknown
from letters.providers.http_client import HttpResponse
from letters.providers.maileva.adapter import Maileva, MailevaSettings
from member_access.postal.address_block import AddressBlock
from member_access.values.countries import CountryCode
from member_access.values.postal_address import AddressLine
from simulators.print_providers.fake_http import in_process
from simulators.print_providers.faults import Fault, FaultKind
from simulators.samples.letters import address
from tests.letters.scenes import (
    LETTER_ID,
    MAILEVA_SETTINGS,
    OWNER,
    Scene,
    credentials,
    letter,
    maileva_scene,
    page,
)

if TYPE_CHECKING:
    from letters.providers.http_client import HttpRequest
    from simulators.print_providers.maileva_server import FakeMaileva


def fake_of(scene: Scene) -> FakeMaileva:
    return cast("FakeMaileva", scene.fake)


def adapter(scene: Scene, settings: MailevaSettings = MAILEVA_SETTINGS, *secrets: str) -> Maileva:
    source = credentials("maileva-client", *(secrets or ("maileva-secret",)))
    return Maileva(settings, in_process(scene.fake), source)


def settings(owner: str = OWNER, version: str = "v2") -> MailevaSettings:
    return MailevaSettings(
        api_url=MAILEVA_SETTINGS.api_url, token_url=MAILEVA_SETTINGS.token_url, owner=owner, version=version
    )


def drafted(scene: Scene, sent: Letter | None = None) -> ProviderReference:
    result = adapter(scene).draft(sent or letter(ProviderName.MAILEVA), None, scene.clock.time)
    assert isinstance(result, Drafted)
    return result.reference


def submitted(scene: Scene) -> ProviderReference:
    reference = drafted(scene)
    result = adapter(scene).submit(letter(ProviderName.MAILEVA), reference, scene.clock.time)
    assert isinstance(result, Accepted)
    return reference


def test_a_letter_is_printed_in_colour_if_the_insurer_pays_for_it() -> None:
    scene = maileva_scene()
    result = adapter(scene, replace(MAILEVA_SETTINGS, in_colour=True)).draft(
        letter(ProviderName.MAILEVA), None, scene.clock.time
    )
    assert isinstance(result, Drafted)
    assert fake_of(scene).sendings[result.reference].settings["color_printing"] is True


def test_a_letter_is_one_black_and_white_page_by_lettre_verte() -> None:
    scene = maileva_scene()
    sending = fake_of(scene).sendings[drafted(scene)]
    assert sending.settings == {
        "name": OWNER,
        "custom_id": LETTER_ID,
        "custom_data": OWNER,
        "color_printing": False,
        "duplex_printing": False,
        "optional_address_sheet": False,
        "print_sender_address": False,
        "envelope_windows_type": "SIMPLE",
        "postage_type": "FAST",
        "archiving_duration": 0,
        "treat_undelivered_mail": True,
    }
    assert sending.documents == {1: page(ProviderName.MAILEVA)}


@pytest.mark.parametrize(
    ("to", "lines"),
    [
        (
            address(address_2="", address_3=""),
            {
                "address_line_2": "Éléonore Garçon-Œuvray",
                "address_line_4": "33 AVENUE DE L HÔPITAL",
                "address_line_6": "69003 LYON",
                "country_code": "FR",
            },
        ),
        (
            address(),
            {
                "address_line_1": "Éléonore Garçon-Œuvray",
                "address_line_2": "Appartement 4",
                "address_line_3": "Bâtiment B, résidence Les Tilleuls",
                "address_line_4": "33 AVENUE DE L HÔPITAL",
                "address_line_6": "69003 LYON",
                "country_code": "FR",
            },
        ),
        (
            address(address_2="", address_3="", postcode="L-1234", town="Exempleville", country="LU"),
            {
                "address_line_2": "Éléonore Garçon-Œuvray",
                "address_line_4": "33, avenue de l’Hôpital",
                "address_line_6": "L-1234 EXEMPLEVILLE",
                "country_code": "LU",
            },
        ),
    ],
    ids=["house", "flat", "abroad"],
)
def test_the_address_goes_into_mailevas_lines(to: AddressBlock, lines: dict[str, str]) -> None:
    scene = maileva_scene()
    [recipient] = fake_of(scene).sendings[drafted(scene, letter(ProviderName.MAILEVA, to=to))].recipients
    assert {name: text for name, text in recipient.items() if name not in {"id", "status"}} == {
        "custom_id": LETTER_ID,
        **lines,
    }


def test_an_address_refused_by_maileva_rejects_the_letter() -> None:
    scene = maileva_scene()
    scene.open()
    lines = ("Camille Exemple", "", "", "1 RUE DE L EXEMPLE", "", "EXEMPLEVILLE")
    wrong = AddressBlock(tuple(AddressLine(line) for line in lines), CountryCode("FR"))
    sender = scene.sender(letter_for=lambda job: letter(ProviderName.MAILEVA, job.letter_id, wrong))
    assert scene.deliver(sender) == Finished(JobState.REJECTED)
    assert scene.job().code == "ADDRESS_LINE_6_WRONG_FORMAT"
    assert scene.observer.changes == [(LETTER_ID, JobState.REJECTED, ProviderCode("ADDRESS_LINE_6_WRONG_FORMAT"))]
    assert not fake_of(scene).sendings


def test_a_page_with_something_in_mailevas_window_is_refused() -> None:
    scene = maileva_scene()
    sent = Letter(LETTER_ID, address(), lambda: page(ProviderName.PINGEN))
    result = adapter(scene).draft(sent, None, scene.clock.time)
    assert result == Rejected(ProviderCode("FAKE_RECIPIENT_WINDOW_NOT_BLANK"))


def test_settings_that_maileva_refuses_reject_no_letter() -> None:
    scene = maileva_scene()
    provider = adapter(scene, settings(owner="x" * 257))
    result = provider.draft(letter(ProviderName.MAILEVA), None, scene.clock.time)
    assert result == RetryLater(900, ProviderCode("NAME_TOO_LONG"))


def test_a_wrong_version_in_the_settings_rejects_no_letter() -> None:
    scene = maileva_scene()
    provider = adapter(scene, settings(version="v9"))
    assert provider.draft(letter(ProviderName.MAILEVA), None, scene.clock.time) == Unknown(ProviderCode("http-404"))


def test_replaced_credentials_are_noticed_without_a_restart() -> None:
    scene = maileva_scene()
    provider = adapter(scene, MAILEVA_SETTINGS, "old-secret", "maileva-secret")
    assert isinstance(provider.draft(letter(ProviderName.MAILEVA), None, scene.clock.time), Drafted)


def test_a_token_that_maileva_forgot_early_costs_one_more_request() -> None:
    scene = maileva_scene()
    provider = adapter(scene)
    provider.drafts(scene.clock.time)
    scene.fake.revoke_tokens()
    assert isinstance(provider.draft(letter(ProviderName.MAILEVA), None, scene.clock.time), Drafted)


def test_a_letter_that_a_lost_reply_hides_is_found_submitted() -> None:
    scene = maileva_scene()
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.DROP_REPLY, "submit_sending"))
    assert scene.deliver() == Postponed(30, ProviderCode("no-reply"))
    assert scene.deliver() == Finished(JobState.SUBMITTED)
    assert scene.fake.requests.count("submit_sending") == 1


def test_a_sending_submitted_by_another_attempt_counts() -> None:
    scene = maileva_scene()
    reference = drafted(scene)
    transport = in_process(scene.fake)

    def overtaken(request: HttpRequest) -> HttpResponse:
        if request.url.endswith("/submit"):
            adapter(scene).submit(letter(ProviderName.MAILEVA), reference, scene.clock.time)
        return transport(request)

    slow = Maileva(MAILEVA_SETTINGS, overtaken, credentials("maileva-client", "maileva-secret"))
    assert isinstance(slow.submit(letter(ProviderName.MAILEVA), reference, scene.clock.time), Accepted)
    assert scene.fake.requests.count("submit_sending") == 2
    assert len(scene.fake.letters()) == 1


def test_a_refused_submission_of_a_draft_rejects_no_letter() -> None:
    scene = maileva_scene()
    reference = drafted(scene)
    transport = in_process(scene.fake)

    def refusing(request: HttpRequest) -> HttpResponse:
        if request.url.endswith("/submit"):
            return HttpResponse(400, {}, b'{"errors": [{"code": "ACCOUNT_BLOCKED"}]}')
        return transport(request)

    provider = Maileva(MAILEVA_SETTINGS, refusing, credentials("maileva-client", "maileva-secret"))
    result = provider.submit(letter(ProviderName.MAILEVA), reference, scene.clock.time)
    assert result == RetryLater(900, ProviderCode("ACCOUNT_BLOCKED"))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PENDING", JobState.SUBMITTED),
        ("ACCEPTED", JobState.SUBMITTED),
        ("PREPARING", JobState.SUBMITTED),
        ("PROCESSED", JobState.POSTED),
        ("PROCESSED_WITH_ERRORS", JobState.REJECTED),
        ("REJECTED", JobState.REJECTED),
        ("TELEPORTED", None),
    ],
)
def test_a_status_of_maileva_in_our_states(status: str, state: JobState | None) -> None:
    scene = maileva_scene()
    reference = submitted(scene)
    scene.fake.advance(reference, status)
    found = adapter(scene).status(reference, scene.clock.time)
    assert isinstance(found, LetterStatus)
    assert (found.letter_id, found.state) == (LETTER_ID, state)


def test_a_letter_that_came_back_is_undelivered() -> None:
    scene = maileva_scene()
    reference = submitted(scene)
    scene.fake.advance(reference, "PROCESSED")
    scene.fake.advance(reference, "N10")
    found = adapter(scene).status(reference, scene.clock.time)
    assert isinstance(found, LetterStatus)
    assert found.state is JobState.UNDELIVERED


def test_a_sending_in_an_unknown_status_is_neither_sent_again_nor_given_up() -> None:
    scene = maileva_scene()
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, "submit_sending"))
    scene.deliver()
    reference = scene.job().reference
    assert reference is not None
    fake_of(scene).sendings[reference].status = "TELEPORTED"
    assert scene.deliver() == Postponed(30, ProviderCode("TELEPORTED"))
    scene.clock.advance(3600)
    assert scene.deliver() == Suspended(ProviderCode("TELEPORTED"))
    assert scene.job().state is JobState.DRAFTED
    assert scene.observer.attentions == [(LETTER_ID, Attention.UNKNOWN_STATUS)]
    fake_of(scene).sendings[reference].status = "ACCEPTED"
    assert scene.deliver() == Finished(JobState.SUBMITTED)


def test_sendings_of_others_on_the_account_are_left_alone() -> None:
    scene = maileva_scene()
    others = adapter(scene, settings(owner="another-system")).draft(
        letter(ProviderName.MAILEVA), None, scene.clock.time
    )
    assert isinstance(others, Drafted)
    assert adapter(scene).drafts(scene.clock.time) == []
    found = adapter(scene).status(others.reference, scene.clock.time)
    assert isinstance(found, LetterStatus)
    assert found.letter_id is None


def test_drafts_are_listed_over_all_pages_without_what_was_submitted() -> None:
    scene = maileva_scene()
    sent = submitted(scene)
    ids = [LetterId(f"{number:032x}") for number in range(501)]
    drafts = [drafted(scene, letter(ProviderName.MAILEVA, letter_id)) for letter_id in ids]
    found = adapter(scene).drafts(scene.clock.time)
    assert isinstance(found, list)
    assert [draft.reference for draft in found] == drafts
    assert sent not in drafts


def test_a_submitted_letter_is_not_deleted_as_a_draft() -> None:
    scene = maileva_scene()
    sent, draft = submitted(scene), drafted(scene)
    assert adapter(scene).delete_draft(sent, scene.clock.time) == Rejected(ProviderCode("SENDING_STATUS_IS_NOT_DRAFT"))
    assert adapter(scene).delete_draft(draft, scene.clock.time) == Deleted()
    assert adapter(scene).delete_draft(draft, scene.clock.time) == Deleted()
    assert list(fake_of(scene).sendings) == [sent]
