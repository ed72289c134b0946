"""Nothing that the runner starts can reach a real AWS account."""

from __future__ import annotations

from pathlib import Path

from local.environment import forget_real_account, tool_environment

REAL = {
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SESSION_TOKEN": "token",
    "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.eu-west-3.amazonaws.com",
    "HOME": "/home/user",
    "PATH": "/usr/bin",
}


def test_keys_profiles_and_endpoints_of_real_accounts_are_forgotten() -> None:
    environment = dict(REAL)

    forget_real_account(environment)

    assert environment == {
        "HOME": "/home/user",
        "PATH": "/usr/bin",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def test_tools_see_the_local_cloud_alone() -> None:
    environment = tool_environment(REAL, "http://127.0.0.1:4566", Path("/scratch"))

    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert environment["AWS_ACCESS_KEY_ID"] == "test"
    assert environment.keys().isdisjoint({"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_DYNAMODB"})


def test_tools_send_no_telemetry() -> None:
    assert tool_environment(REAL, "http://127.0.0.1:4566", Path("/scratch"))["SAM_CLI_TELEMETRY"] == "0"
