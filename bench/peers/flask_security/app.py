"""Flask-Security with Flask-SQLAlchemy, as the quick start of its documentation, on SQLite."""

import os

from argon2 import low_level
from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.models import fsqla_v3
from flask_sqlalchemy import SQLAlchemy

_MEMORY, _PASSES, _LANES = map(int, os.environ["PEER_ARGON2"].split(","))
_COUNT = os.open(os.environ["PEER_COUNT"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_verify = low_level.verify_secret


def _counted(hash: bytes, secret: bytes, type: low_level.Type) -> bool:  # noqa: A002 - the library's names
    os.write(_COUNT, b".")
    return _verify(hash, secret, type)


low_level.verify_secret = _counted
app = Flask(__name__)
app.config.update(
    SECRET_KEY="of a measurement, with 32 bytes at least",
    SECURITY_PASSWORD_SALT="146585145368132386173505678016728509634",
    SECURITY_PASSWORD_HASH="argon2",
    SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
        "argon2__time_cost": _PASSES,
        "argon2__memory_cost": _MEMORY,
        "argon2__parallelism": _LANES,
    },
    SECURITY_RETURN_GENERIC_RESPONSES=True,
    SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{os.environ['PEER_FOLDER']}/db.sqlite3",
    WTF_CSRF_ENABLED=False,
)
db = SQLAlchemy(app)
fsqla_v3.FsModels.set_db_info(db)


class Role(db.Model, fsqla_v3.FsRoleMixin):
    """A role."""


class User(db.Model, fsqla_v3.FsUserMixin):
    """A user."""


app.security = Security(app, SQLAlchemyUserDatastore(db, User, Role))
