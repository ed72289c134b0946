"""Makes the database with one user."""

import asyncio
import os

from app import Base, User, UserCreate, UserManager, engine, helper, sessions
from fastapi_users.db import SQLAlchemyUserDatabase


async def main() -> None:
    """Make it."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with sessions() as session:
        manager = UserManager(SQLAlchemyUserDatabase(session, User), helper)
        await manager.create(UserCreate(email="camille@example.fr", password=os.environ["PEER_PIN"]))


asyncio.run(main())
