"""How far the followers of the log are, and the totals that one of them keeps."""

from datetime import date, datetime

from sqlmodel import Field, Index, SQLModel

from models.columns import UtcDateTime, words
from models.enums import DayPart, Verb
from models.personal import Basis, Erase, declare, kept


class FollowerState(SQLModel, table=True):
    """One follower of the activity log: everything up to `position` is in what it keeps, and nothing beyond.

    Following; clearing (`is_clearing`), when it is made anew and what it kept is still being removed; or in trouble
    (`problem`), until the next slice works.
    """

    __tablename__ = 'followers'

    name: str = Field(max_length=40, primary_key=True)
    position: int = 0
    """the id of the last activity that it has taken"""
    is_clearing: bool = False
    leased_by: str = Field(default='', max_length=64)
    """the process that moves it"""
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """other processes leave it alone until then"""
    problem: str = Field(default='', max_length=200)
    """why its last slice failed"""


declare(
    FollowerState,
    plain='name position is_clearing leased_by leased_until problem',
    because='It says how far a follower is, not what it keeps.',
)


class DailyTotal(SQLModel, table=True):
    """How often, and for how long, one person did one kind of thing in one course in one part of one day of theirs."""

    __tablename__ = 'daily_totals'
    __table_args__ = (Index('ix_daily_totals_course', 'course_id', 'user_id', 'local_date', 'verb'),)

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    local_date: date = Field(primary_key=True)
    course_id: int = Field(primary_key=True)
    """0 for what belongs to no course, such as a sign-in"""
    verb: Verb = Field(sa_type=words(Verb), primary_key=True)
    part: DayPart = Field(sa_type=words(DayPart), primary_key=True)
    count: int = 0
    seconds: int = 0
    """of study; other verbs have none here, because their time is part of it"""
    sessions: int = 0
    """learning sessions that ended"""
    completed: int = 0
    """checkpoints that became complete, less those that ceased to be: the same one twice is one"""


declare(
    DailyTotal,
    kept(
        'local_date course_id verb part count seconds sessions completed',
        'how much the person did, by day and part of the day',
        'so that teachers and the person see at once how the work goes on; it is counted from the log',
    ),
    whose='user_id',
)


class CountedCompletion(SQLModel, table=True):
    """In which modes one checkpoint is complete for one person, as far as the daily totals have followed the log.

    It is what they need to count a checkpoint once that is completed on two devices, or in class and alone.
    """

    __tablename__ = 'counted_completions'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    checkpoint_id: int = Field(primary_key=True)
    modes: int = 0
    """1 for live, 2 for self-paced, 3 for both, 0 for none"""


declare(
    CountedCompletion,
    kept(
        'checkpoint_id modes',
        'which checkpoints the person has completed',
        'so that each is counted once in the totals of a day; it is counted from the log',
    ),
    whose='user_id',
)


class DashboardChoice(SQLModel, table=True):
    """What one person has chosen for their dashboard of a course, by a key of the service that reads it.

    A sentence that they have hidden, a thing to do that they have ticked off, or that they want to be compared with the
    others of the course.
    """

    __tablename__ = 'dashboard_choices'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True)
    key: str = Field(max_length=80, primary_key=True)
    chosen_at: datetime = Field(sa_type=UtcDateTime)


declare(
    DashboardChoice,
    kept(
        'course_id key chosen_at',
        'what the person has hidden, ticked off or asked for on a dashboard',
        'because the person chose it',
        Basis.CONSENT,
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)
