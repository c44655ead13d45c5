"""The points that learners have earned, each with its reason."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, words
from models.enums import PointReason
from models.personal import declare, kept


class PointEntry(SQLModel, table=True):
    """One reason for which one learner has earned points: once and for good, with the amount that was valid then."""

    __tablename__ = 'point_entries'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    reason: PointReason = Field(sa_type=words(PointReason), primary_key=True)
    object_id: int = Field(primary_key=True)
    """the checkpoint; with a weekly goal, the course"""
    period: str = Field(default='', max_length=10, primary_key=True)
    """the Monday of the week, where a reason comes again each week"""
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    points: int
    earned_at: datetime = Field(sa_type=UtcDateTime)


declare(
    PointEntry,
    kept(
        'reason object_id period course_id points earned_at',
        'the points that the person has earned, and for what',
        'to show the person what they have achieved; it is counted from the log',
    ),
    whose='user_id',
)
