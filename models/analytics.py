"""How far the followers of the log are, the totals that one of them keeps, and predictions with their quality."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Index, SQLModel

from models.columns import UtcDateTime, words
from models.enums import DayPart, RiskBand, RiskRemark, SchoolFigure, Verb
from models.personal import Basis, Erase, analytics, declare, kept


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
    __table_args__ = (
        Index('ix_daily_totals_course', 'course_id', 'user_id', 'local_date', 'verb', 'seconds', 'completed'),
    )

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


class ReleasedFigure(SQLModel, table=True):
    """A figure of the whole school as it is told to people: drawn once for its day, with noise, and never again.

    Drawn again and again, the noise could be averaged away, so the row stays as it is. What the figure is without noise
    is not kept.
    """

    __tablename__ = 'released_figures'

    day: date = Field(primary_key=True)
    """the last day that is in it"""
    figure: SchoolFigure = Field(sa_type=words(SchoolFigure), primary_key=True)
    course_id: int = Field(primary_key=True)
    """0 for the whole school"""
    value: int | None = None
    """None where it is hidden, as it is of too few people"""
    rough: str = Field(default='', max_length=8)
    """few or most, where a share is not said exactly"""
    epsilon: float = 0
    """how much of the budget of its week was spent on it"""


declare(
    ReleasedFigure,
    plain='day figure course_id value rough epsilon',
    because='It counts many people together, hides small groups, and has noise in it so that nobody is found in it.',
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


class PredictionModel(SQLModel, table=True):
    """What predictions are made with, from the shipped model on: each row is the model as it was learned one night."""

    __tablename__ = 'prediction_models'

    id: int = Field(default=None, primary_key=True)
    origin: str = Field(max_length=24)
    """the shipped model from which it was learned"""
    learners: int
    """how many learners of courses that are over it was learned from"""
    courses: list[int] = Field(default=[], sa_type=JSON)
    """the ids of these courses"""
    coefficients: list[float] = Field(default=[], sa_type=JSON)
    """as `services.analytics.prediction.model` orders them"""
    levels: dict[str, float] = Field(default={}, sa_type=JSON)
    """what is added for a course, by the id of the first course of its runs: how hard it is to complete"""
    made_at: datetime = Field(sa_type=UtcDateTime)


declare(
    PredictionModel,
    plain='id origin learners courses[] coefficients[] levels.* made_at',
    because='It is learned from many learners together, and says nothing of one.',
)


class PredictionRun(SQLModel, table=True):
    """When the predictions of one course were made last, and for which span of time it is held."""

    __tablename__ = 'prediction_runs'

    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True)
    model_id: int = 0
    """0 for the shipped model"""
    is_calibrated: bool = False
    """whether the school knows from runs of its own how hard the course is"""
    begins_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when the last of its checkpoints is due"""
    half_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when half of that time is over; the band that a learner has then is the one whose quality is published"""
    judged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when it counts who has completed the course: some days after its end"""
    made_at: datetime = Field(sa_type=UtcDateTime)


declare(
    PredictionRun,
    plain='course_id model_id is_calibrated begins_at ends_at half_at judged_at made_at',
    because='It is about a course.',
)


class Prediction(SQLModel, table=True):
    """What is predicted of one learner in one course: a band, or why there is none (`silence`)."""

    __tablename__ = 'predictions'

    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True, index=True)
    band: RiskBand | None = Field(default=None, sa_type=words(RiskBand))
    silence: str = Field(default='', max_length=24)
    """why nothing is predicted, as `services.analytics.prediction.silence` calls it"""
    risk: float | None = None
    """the probability that they do not complete the course, as the model has it"""
    reasons: list[dict[str, Any]] = Field(default=[], sa_type=JSON)
    """the facts that weigh most, with the numbers that show them"""
    steps: list[dict[str, Any]] = Field(default=[], sa_type=JSON)
    """what would help, the cheapest first, with the band that would follow"""
    earliest: date | None = None
    latest: date | None = None
    """between which days they complete the course, in eight cases of ten"""
    next_id: int | None = None
    """the checkpoint that comes next"""
    next_on: date | None = None
    since: datetime = Field(sa_type=UtcDateTime)
    """since when they have been in this band"""


declare(
    Prediction,
    kept(
        'course_id band silence risk reasons[] steps[] earliest latest next_id next_on since',
        'whether the person is likely to complete a course, with the reasons',
        'so that teachers help in time; it decides nothing, can be contested, and can be switched off',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
)


class BandChange(SQLModel, table=True):
    """That a learner came into another band of risk, or out of all: what the quality of predictions is read from."""

    __tablename__ = 'band_changes'
    __table_args__ = (Index('ix_band_changes_course', 'course_id', 'user_id', 'id'),)

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', index=True)
    band: RiskBand | None = Field(default=None, sa_type=words(RiskBand))
    model_id: int
    at: datetime = Field(sa_type=UtcDateTime)


declare(
    BandChange,
    kept(
        'course_id band model_id at',
        'what was predicted of the person before',
        'to publish how often predictions were right',
        until=analytics(since='at'),
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    plain='id',
)


class RiskAnswer(SQLModel, table=True):
    """What a person said of a prediction: contested by its learner, or dismissed by somebody who teaches them.

    It holds as long as the learner stays in that band; the next band is news.
    """

    __tablename__ = 'risk_answers'
    __table_args__ = (Index('ix_risk_answers_course', 'course_id', 'user_id'),)

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', index=True)
    kind: RiskRemark = Field(sa_type=words(RiskRemark))
    band: RiskBand = Field(sa_type=words(RiskBand))
    reason: str = Field(default='', max_length=280)
    said_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    said_at: datetime = Field(sa_type=UtcDateTime)


declare(
    RiskAnswer,
    kept(
        'course_id kind band said_at',
        'that a prediction was contested or dismissed',
        'so that nobody is held to a prediction that is wrong',
        on_erase=Erase.DELETE,
    ),
    kept('reason', 'why', 'so that everybody concerned understands it', on_erase=Erase.DELETE),
    whose='user_id',
    others='said_by',
    plain='id',
)


class PredictionRefusal(SQLModel, table=True):
    """A person of whom nothing is predicted, because they do not want it."""

    __tablename__ = 'prediction_refusals'

    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True)
    since: datetime = Field(sa_type=UtcDateTime)


declare(
    PredictionRefusal,
    kept('since', 'that nothing is predicted of the person', 'because the person chose it', Basis.CONSENT),
    whose='user_id',
)
