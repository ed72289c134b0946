"""Clients of AWS from botocore alone: boto3 imports sixty modules more, of which no function uses anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.session

if TYPE_CHECKING:
    from botocore.config import Config


class AwsSession:
    """Makes the clients of a process; they share what botocore has read."""

    def __init__(self) -> None:
        self._session = botocore.session.get_session()

    def client(self, service: str, config: Config) -> Any:  # noqa: ANN401 - the type of a client depends on the service
        """Make the client of a service; ``layers/common/aws_services.txt`` names those that the layer knows."""
        return self._session.create_client(service, config=config)
