"""fastapi-users with SQLAlchemy and JWT, as the full example of its documentation, on SQLite."""

import os
import uuid
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, JWTStrategy
from fastapi_users.db import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users.password import PasswordHelper
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

SECRET = "of a measurement, with 32 bytes at least"
_MEMORY, _PASSES, _LANES = map(int, os.environ["PEER_ARGON2"].split(","))
_COUNT = os.open(os.environ["PEER_COUNT"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


class Counting(Argon2Hasher):
    """Leaves a byte in a file for each verification."""

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002 - the library's name
        """Count and verify."""
        os.write(_COUNT, b".")
        return super().verify(password, hash)


class Base(DeclarativeBase):
    """The tables."""


class User(SQLAlchemyBaseUserTableUUID, Base):
    """A user."""


class UserManager(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    """The users."""

    reset_password_token_secret = SECRET
    verification_token_secret = SECRET


engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['PEER_FOLDER']}/db.sqlite3")
sessions = async_sessionmaker(engine, expire_on_commit=False)
helper = PasswordHelper(PasswordHash((Counting(time_cost=_PASSES, memory_cost=_MEMORY, parallelism=_LANES),)))


async def get_session() -> AsyncIterator[AsyncSession]:
    """Open a session."""
    async with sessions() as session:
        yield session


async def get_user_db(session: AsyncSession = Depends(get_session)) -> AsyncIterator[SQLAlchemyUserDatabase]:  # noqa: B008 - FastAPI's way
    """Open the users' table."""
    yield SQLAlchemyUserDatabase(session, User)


async def get_user_manager(users: SQLAlchemyUserDatabase = Depends(get_user_db)) -> AsyncIterator[UserManager]:  # noqa: B008 - as above
    """Make the users' manager."""
    yield UserManager(users, helper)


backend = AuthenticationBackend(
    name="jwt",
    transport=BearerTransport(tokenUrl="auth/jwt/login"),
    get_strategy=lambda: JWTStrategy(secret=SECRET, lifetime_seconds=3600),
)
users = FastAPIUsers[User, uuid.UUID](get_user_manager, [backend])
app = FastAPI()
app.include_router(users.get_auth_router(backend), prefix="/auth/jwt")


class UserCreate(schemas.BaseUserCreate):
    """A new user."""
