"""Runs the first step of a load by AWS (see ``find_ranges``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bulk_import.aws_clients import LoadClients
from bulk_import.find_ranges import find_ranges
from bulk_import.load_objects import LoadObjects
from bulk_import.load_plan import MOST_ROWS
from bulk_import.member_import import ImportRules
from bulk_import.settings import LoadSettings
from member_access.platform.runtime import Handler, LambdaHandler

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from member_access.platform.runtime import Runtime

_SECRET_BYTES = 32


def compose(runtime: Runtime, clients: LoadClients | None = None, most_rows: int = MOST_ROWS) -> Handler:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = LoadSettings.from_environment(runtime.environment)
    s3 = (clients or LoadClients()).s3

    def run(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
        """Divide the file of the load that the event names; returns the event of the first round."""
        objects = LoadObjects(s3, settings.import_bucket, event["load"])
        rules = ImportRules(settings.pattern, runtime.now(), workers=1, strict=event.get("strict", False))
        ranges = find_ranges(objects, rules, runtime.random_bytes(_SECRET_BYTES), most_rows)
        runtime.logger.info("import.divided", extra={"load": event["load"], "ranges": ranges})
        return {"load": event["load"], "round": 1, "again": ranges > 0}

    return run


handler = LambdaHandler(compose)
