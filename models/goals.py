"""A learner's personal goals and their milestones; the weeks that are over, with their goals."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.personal import Basis, Erase, declare, kept


class Goal(SQLModel, table=True):
    """Something that a learner wants to reach by a day: on the way, achieved (`achieved_at`) or missed."""

    __tablename__ = 'goals'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', index=True)
    course_id: int | None = Field(default=None, foreign_key='courses.id', ondelete='RESTRICT')
    title: str = Field(max_length=120)
    due_on: date | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    achieved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Goal,
    kept(
        'course_id title due_on created_at achieved_at',
        'what the person wants to reach',
        'because the person wrote it down',
        Basis.CONSENT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
)


class GoalMilestone(SQLModel, table=True):
    """A part of a goal, with a day of its own."""

    __tablename__ = 'goal_milestones'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    goal_id: int = Field(foreign_key='goals.id', ondelete='CASCADE', index=True)
    title: str = Field(max_length=120)
    position: int
    due_on: date | None = None
    reached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    GoalMilestone,
    kept(
        'title due_on reached_at',
        'the parts of a goal',
        'because the person wrote them down',
        Basis.CONSENT,
        on_erase=Erase.DELETE,
    ),
    whose='goal_id',
    plain='id position',
)


class ClosedWeek(SQLModel, table=True):
    """A week of one learner in one course that is over: its goal was reached (`done` is as many as `goal`) or missed.

    Written once, with the goal that held when the week ended; what is undone later changes nothing. The weeks in which
    somebody joins, pauses or completes the course are here only if the goal was reached.
    """

    __tablename__ = 'closed_weeks'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True)
    monday: date = Field(primary_key=True)
    """the first day of the week, in the zone of the learner at that time"""
    goal: int
    """checkpoints that the learner wanted to complete"""
    done: int
    """checkpoints that were completed first in this week, in either mode"""


declare(
    ClosedWeek,
    kept(
        'course_id monday goal done',
        'the goal of each week, and what was reached of it',
        'to show the person and their teachers how regularly they study',
    ),
    whose='user_id',
)
