"""Learners who study on their own, with what their devices tell."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from models import LearningSession, StudyTime
from services.access import Actor
from services.core import clock, database
from services.core.transaction import Transaction
from services.study import sessions
from services.study.sessions import Arrival


def a_morning() -> datetime:
    """Tomorrow at nine, so that a story which takes some hours is over before midnight."""
    return (clock.now() + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


async def arrive(learner: Actor, checkpoint: int, *, interacts: bool = True) -> Arrival:
    return await database.write(sessions.arrive, learner, checkpoint, interacts=interacts)


async def beat(learner: Actor, checkpoint: int, *, at: datetime | None = None, plays: bool = False) -> None:
    await database.write(sessions.beat, learner, checkpoint, at=at, plays=plays)


async def leave(learner: Actor, course_id: int) -> None:
    await database.write(sessions.leave, learner, course_id)


async def learning_sessions() -> list[LearningSession]:
    """All of them, in the order in which they began."""

    def query(tx: Transaction) -> list[LearningSession]:
        return list(tx.session.scalars(select(LearningSession).order_by(col(LearningSession.id))))

    return await database.read(query)


async def seconds_at() -> dict[tuple[int, int], int]:
    """Seconds by session and checkpoint, where there are any."""

    def query(tx: Transaction) -> dict[tuple[int, int], int]:
        rows = tx.session.scalars(select(StudyTime).where(col(StudyTime.seconds) > 0))
        return {(row.session_id, row.checkpoint_id): row.seconds for row in rows}

    return await database.read(query)
