"""Figures as clients are answered: the values of the services under the same names, with their texts in English."""

from datetime import date, datetime

from pydantic import Field

from api.types import Said, Shape
from services.analytics.attention import Reason
from services.analytics.definition import Unit
from services.analytics.difficulty import Sign
from services.analytics.educator import State
from services.analytics.k_rule import Rough
from services.analytics.learner import Trend
from services.analytics.today_list import TodoKind
from services.enums import CheckpointKind, DayPart


class Meaning(Shape):
    """What one figure means."""

    key: str
    name: Said
    unit: Unit
    sentence: Said
    source: str


class DifficultyPart(Shape):
    """One part of the difficulty of a checkpoint."""

    sign: Sign
    score: int
    weight: int
    words: Said


class CheckpointDifficulty(Shape):
    """How hard a checkpoint is, and why."""

    score: int
    parts: list[DifficultyPart]


class AnalyzedCheckpoint(Shape):
    """The figures of one checkpoint."""

    checkpoint_id: int
    number: int
    title: str
    kind: CheckpointKind
    module: str
    due_at: datetime | None
    done: int
    started: int
    not_started: int
    done_percent: int
    median_seconds: int | None
    planned_seconds: int | None
    time_ratio: float | None
    helped: int
    stopped: int
    mean_attempts: float | None
    mean_score: float | None
    difficulty: CheckpointDifficulty | None
    engagement: int | None


class StatusRow(Shape):
    """One learner; the states are in the order of the checkpoints."""

    user_id: int
    name: str
    group: str
    percent: int
    states: list[State]
    overdue: int
    inactive_days: int


class ActiveWeek(Shape):
    """What went on in one week."""

    monday: date
    study_seconds: int
    class_seconds: int
    active_learners: int
    active_days: int
    steps_completed: int


class Scores(Shape):
    """How the scores lie."""

    score_mean: float | None
    score_bands: dict[str, int]


class NeedGround(Shape):
    """One reason why somebody needs a look, in words that follow the name."""

    reason: Reason
    words: Said


class LearnerInNeed(Shape):
    """A learner who needs a look."""

    user_id: int
    name: str
    group: str
    grounds: list[NeedGround]
    message: Said


class TodayItem(Shape):
    """One thing to do today."""

    key: str
    kind: TodoKind
    checkpoint_id: int
    count: int
    words: Said


class CourseAnalytics(Shape):
    """Everything that the dashboard of a course shows."""

    course_id: int
    title: str
    group: str
    session_id: int | None
    as_of: datetime
    learners: int
    mean_percent: int
    finished: int
    active_this_week: int
    steps: list[AnalyzedCheckpoint]
    matrix: list[StatusRow]
    weeks: list[ActiveWeek]
    scores: Scores
    needs: list[LearnerInNeed]
    today: list[TodayItem]
    most_engaging: list[AnalyzedCheckpoint]
    least_engaging: list[AnalyzedCheckpoint]


class LearnerTimeAtCheckpoint(Shape):
    """How long a learner was at one checkpoint."""

    checkpoint_id: int
    number: int
    title: str
    is_done: bool
    seconds: int
    planned_seconds: int | None
    is_slowest: bool


class StudyDay(Shape):
    """What a learner did on one day of theirs."""

    day: date
    study_seconds: int
    class_seconds: int
    steps_completed: int


class LearnerStudyWeek(Shape):
    """One week of a learner."""

    monday: date
    study_seconds: int
    class_seconds: int
    active_days: int
    steps_completed: int


class TagScore(Shape):
    """How a learner does at the checkpoints with one tag."""

    tag: str
    tag_mean: float
    scored: int


class SubjectScore(Shape):
    """How a learner does in the courses of one subject."""

    subject: str
    subject_mean: float
    scored: int
    is_strong: bool
    is_weak: bool


class SuggestedCheckpoint(Shape):
    """A checkpoint that is worth doing now, and why."""

    checkpoint_id: int
    number: int
    title: str
    why: Said


class LearnerInsight(Shape):
    """A plain sentence about how somebody learns, with its evidence."""

    key: str
    subject: str
    words: Said
    evidence: Said


class BesideOthers(Shape):
    """The learner and the others at the end of a day; null or hidden where it would show a person."""

    day: date
    own_percent: int
    others_percent: int | None
    own_week_steps: int
    others_week_steps: float | None
    ahead_of: int | Rough
    similar_to: int | Rough
    behind: int | Rough


class LearnerAnalytics(Shape):
    """Everything that the progress page of a learner shows."""

    course_id: int
    title: str
    user_id: int
    name: str
    as_of: datetime
    percent: int
    steps_done: int
    steps_counted: int
    completed_at: datetime | None
    times: list[LearnerTimeAtCheckpoint]
    timeline: list[StudyDay]
    weeks: list[LearnerStudyWeek]
    velocity: float | None
    velocity_trend: Trend | None
    time_of_day: dict[DayPart, int]
    total_seconds: int
    tags: list[TagScore]
    next_step: SuggestedCheckpoint | None
    review: list[SuggestedCheckpoint]
    skippable: list[SuggestedCheckpoint] = Field(description='open steps whose skills are all mastered; a suggestion')
    insights: list[LearnerInsight]
    comparison: BesideOthers | None


class CourseInsights(Shape):
    """What the record says of how somebody learns in one course."""

    course_id: int
    title: str
    insights: list[LearnerInsight]


class Trends(Shape):
    """How the learning of somebody goes on in one course. Source: s3"""

    course_id: int
    title: str
    velocity: float | None
    velocity_trend: Trend | None
    weeks: list[LearnerStudyWeek] = Field(description='weekly progress')
    time_of_day: dict[DayPart, int]
    tags: list[TagScore]
    total_seconds: int
