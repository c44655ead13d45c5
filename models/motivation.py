"""What learners have achieved: points, each with its reason, the days on which they learned, and badges."""

from datetime import date, datetime

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import UtcDateTime, words
from models.enums import AchievementKind, BadgeIcon, PointReason
from models.personal import Basis, Erase, declare, kept


class PointEntry(SQLModel, table=True):
    """One thing that one learner has done: once and for good, with the points that it earned then, if any."""

    __tablename__ = 'point_entries'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    reason: PointReason = Field(sa_type=words(PointReason), primary_key=True)
    object_id: int = Field(primary_key=True)
    """the checkpoint, course, badge or activity, as the reason says; 0 with a day"""
    period: str = Field(default='', max_length=10, primary_key=True)
    """the Monday of the week, or the day, where a reason comes again"""
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    points: int
    earned_at: datetime = Field(sa_type=UtcDateTime)
    local_date: date
    """on which date that was, for the learner at that time"""
    activity_id: int
    """the activity that earned it; lower ids came first"""


declare(
    PointEntry,
    kept(
        'reason object_id period course_id points earned_at local_date',
        'the points that the person has earned, and for what',
        'to show the person what they have achieved; it is counted from the log',
    ),
    whose='user_id',
    plain='activity_id',
)


class LearningDay(SQLModel, table=True):
    """One date on which one learner studied; it counts (`counted_at`) once they have learned enough on it."""

    __tablename__ = 'learning_days'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    local_date: date = Field(primary_key=True)
    seconds: int = 0
    """of study, as far as it was summed up"""
    counted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    local_hour: int = 0
    """in which hour of that date it was, when it began to count"""
    activity_id: int = 0
    """the activity with which it began to count"""


declare(
    LearningDay,
    kept(
        'local_date seconds counted_at local_hour',
        'on which days the person learned',
        'to show the person how regularly they learn; it is counted from the log',
    ),
    whose='user_id',
    plain='activity_id',
)


class PointTotal(SQLModel, table=True):
    """How many points one learner has earned in one course: the sum of their entries."""

    __tablename__ = 'point_totals'
    __table_args__ = (Index('ix_point_totals_course', 'course_id', 'points'),)

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True)
    points: int


declare(
    PointTotal,
    kept('course_id points', 'how many points the person has earned', 'to show the person what they have achieved'),
    whose='user_id',
)


class Achievement(SQLModel, table=True):
    """What one learner has reached: once and for good. The text of it follows from `kind` and `number`."""

    __tablename__ = 'achievements'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    kind: AchievementKind = Field(sa_type=words(AchievementKind), primary_key=True)
    number: int = Field(primary_key=True)
    """the badge (below zero for one that Waymark has by itself), the points of a level, days of a streak, the course"""
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    reached_at: datetime = Field(sa_type=UtcDateTime)
    activity_id: int
    """the activity that says so"""


declare(
    Achievement,
    kept(
        'kind number course_id reached_at',
        'which badges, levels and streaks the person has reached',
        'to show the person what they have achieved',
    ),
    whose='user_id',
    plain='activity_id',
)


class MomentMark(SQLModel, table=True):
    """Up to which activity one learner was congratulated on what they have reached."""

    __tablename__ = 'moment_marks'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    seen_id: int


declare(
    MomentMark,
    kept('seen_id', 'what the person was congratulated on', 'so that it is shown to them once', on_erase=Erase.DELETE),
    whose='user_id',
)


class MadeBadge(SQLModel, table=True):
    """A badge that those who teach a course have made: what is done in the course after it was changed last counts."""

    __tablename__ = 'made_badges'

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    name: str = Field(max_length=60)
    description: str = Field(default='', max_length=200)
    icon: BadgeIcon = Field(sa_type=words(BadgeIcon))
    points: int
    reason: PointReason = Field(sa_type=words(PointReason))
    """what is counted"""
    within: str = Field(max_length=8)
    """a day, a week or ever"""
    at_least: int
    since_id: int
    """activities with higher ids count"""
    created_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    MadeBadge,
    plain='id course_id name description icon points reason within at_least since_id created_at deleted_at',
    because='It is a part of a course; who has earned it stands elsewhere.',
)


class StreakPause(SQLModel, table=True):
    """Days on which one learner need not learn, such as when they are ill: said by those who teach a course."""

    __tablename__ = 'streak_pauses'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True)
    first_day: date = Field(primary_key=True)
    last_day: date


declare(
    StreakPause,
    kept(
        'course_id first_day last_day',
        'on which days the person need not learn',
        'so that nobody is at a disadvantage; it can say something of health',
        Basis.DUTY,
    ),
    whose='user_id',
)


class LeaderboardPlace(SQLModel, table=True):
    """That one learner takes part in the leaderboard of one course, under which name."""

    __tablename__ = 'leaderboard_places'
    __table_args__ = (UniqueConstraint('course_id', 'alias'),)

    user_id: int = Field(foreign_key='users.id', ondelete='CASCADE', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True)
    alias: str = Field(max_length=40)
    joined_at: datetime = Field(sa_type=UtcDateTime)


declare(
    LeaderboardPlace,
    kept(
        'course_id alias joined_at',
        'that the person takes part in a leaderboard, and under which name',
        'because the person chose it',
        Basis.CONSENT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)
