"""Tests reach nothing outside this process."""

from __future__ import annotations

import socket

import boto3
import pytest
from pytest_socket import SocketBlockedError


def test_no_socket_can_be_opened() -> None:
    # Opening one is a warning first, and warnings are errors here.
    with pytest.raises((SocketBlockedError, UserWarning), match="tried to use socket"):
        socket.socket()


def test_no_credentials_of_this_machine_are_found() -> None:
    credentials = boto3.Session().get_credentials()

    assert credentials is not None
    assert credentials.access_key == "testing"
