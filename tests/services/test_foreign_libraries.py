"""Services verify access tokens by libraries that the functions do not use: two of Python, two of JavaScript."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import jwt
import pytest
from authlib.oauth2.rfc6750.errors import InvalidTokenError
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from joserfc.jwk import KeySet

from simulators.template import ROOT
from tests.support import npm
from tests.support.service_tokens import MEMBER, ORIGIN, SERVICE, TokenMaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud
    from tests.support.service_tokens import Published


@pytest.fixture
def maker(cloud: Cloud) -> TokenMaker:
    return TokenMaker(cloud)


def by_pyjwt(token: str, published: Published, audience: str) -> str | None:
    """Return the subject if PyJWT accepts the token; it does not look at ``typ``."""
    keys = jwt.PyJWKSet.from_dict(dict(published.keys))
    try:
        key = keys[jwt.get_unverified_header(token)["kid"]]
        algorithms = published.configuration["id_token_signing_alg_values_supported"]
        claims = jwt.decode(
            token,
            key,
            algorithms=algorithms,
            audience=audience,
            issuer=published.issuer,
            options={"require": ["exp", "iat", "sub"]},
        )
    except (jwt.PyJWTError, KeyError):
        return None
    return str(claims["sub"])


def by_authlib(token: str, published: Published, audience: str) -> str | None:
    """Return the subject if Authlib's validator of RFC 9068 accepts the token."""

    class Validator(JWTBearerTokenValidator):  # type: ignore[misc]  # Authlib has no types
        def get_jwks(self) -> KeySet:
            return KeySet.import_key_set(published.keys)  # type: ignore[arg-type]  # a key set

    validator = Validator(published.issuer, audience)
    try:
        claims = validator.authenticate_token(token)
        validator.validate_token(claims, scopes=None, request=None)
    except InvalidTokenError:
        return None
    return str(claims["sub"])


PYTHON = {"PyJWT": by_pyjwt, "Authlib": by_authlib}


@pytest.mark.parametrize("verify", PYTHON.values(), ids=PYTHON)
@pytest.mark.parametrize("audience", [ORIGIN, SERVICE])
def test_a_library_of_python_accepts_good_tokens_alone(
    maker: TokenMaker, verify: Callable[[str, Published, str], str | None], audience: str
) -> None:
    tokens = {"good": maker.good, "signed again": maker.with_claims(), **maker.forgeries()}
    accepted = {name for name, token in tokens.items() if verify(token, maker.published, audience) == MEMBER}

    assert accepted == {"good", "signed again"}


@pytest.mark.parametrize("verify", PYTHON.values(), ids=PYTHON)
def test_a_service_that_is_not_registered_accepts_no_token(
    maker: TokenMaker, verify: Callable[[str, Published, str], str | None]
) -> None:
    assert verify(maker.good, maker.published, "https://shop.mutuelle.example") is None


def test_authlib_rejects_another_type_of_token(maker: TokenMaker) -> None:
    assert by_authlib(maker.of_another_type(), maker.published, ORIGIN) is None


@pytest.mark.needs("npm")
def test_two_libraries_of_javascript_accept_good_tokens_alone(maker: TokenMaker) -> None:
    npm.install()
    tokens = {"good": maker.good, "another type": maker.of_another_type(), **maker.forgeries()}
    published = maker.published
    audiences = [ORIGIN, SERVICE, "https://shop.mutuelle.example"]
    given = {
        "issuer": published.issuer,
        "configuration": published.configuration,
        "keys": published.keys,
        "audiences": audiences,
        "tokens": tokens,
    }
    done = subprocess.run(  # noqa: S603 - node as found on PATH
        [shutil.which("node") or "node", ROOT / "tests" / "services" / "verifiers.mjs"],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    expected = dict(zip(audiences, ([f"good: {MEMBER}"], [f"good: {MEMBER}"], []), strict=True))
    assert json.loads(done.stdout) == {"aws-jwt-verify": expected, "oauth4webapi": expected}
