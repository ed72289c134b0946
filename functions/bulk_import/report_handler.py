"""Runs the last step of each round of a load by AWS (see ``finish_round``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bulk_import.aws_clients import LoadClients
from bulk_import.finish_round import RoundEnd
from bulk_import.load_objects import LoadObjects
from bulk_import.settings import LoadSettings
from member_access.platform.runtime import Handler, LambdaHandler

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from member_access.platform.runtime import Runtime


def compose(runtime: Runtime, clients: LoadClients | None = None) -> Handler:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = LoadSettings.from_environment(runtime.environment)
    s3 = (clients or LoadClients()).s3

    def run(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
        """End the round that the event names; returns the event of the next one."""
        load, round_ = event["load"], event["round"]
        counts = RoundEnd(LoadObjects(s3, settings.import_bucket, load)).run(round_)
        if counts is None:
            return {"load": load, "round": round_ + 1, "again": True}
        runtime.logger.info("import.loaded", extra={"load": load, "rounds": round_, **counts})
        return {"load": load, "round": round_, "again": False}

    return run


handler = LambdaHandler(compose)
