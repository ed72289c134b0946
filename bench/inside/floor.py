"""Measures the floor of a start: boto3 with one client."""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    """Print processor seconds and the peak of memory."""
    began = time.process_time()
    import boto3  # noqa: PLC0415 - measured

    boto3.client("dynamodb")
    seconds = time.process_time() - began
    from bench.inside.memory import peak_mebibytes  # noqa: PLC0415 - not measured

    print(json.dumps({"seconds": seconds, "modules": len(sys.modules), "mebibytes": peak_mebibytes()}))
