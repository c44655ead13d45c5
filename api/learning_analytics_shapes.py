"""The document of s2, LearningAnalytics, as clients are answered: its figures, and what is predicted."""

from datetime import date, datetime

from api.types import Said, SaidOrNot, Shape
from services.analytics.learning_document import (
    ComparisonMetrics,
    EngagementMetrics,
    LearningPatterns,
    PerformanceMetrics,
    Period,
    TimeMetrics,
)
from services.analytics.prediction import StepKind, Urgency
from services.analytics.prediction.silence import Silence
from services.enums import CheckpointKind, RiskBand


class PredictedReason(Shape):
    """One fact that raises the risk."""

    fact: str
    sentence: Said


class Intervention(Shape):
    """Something that would help."""

    kind: StepKind
    urgency: Urgency
    sentence: Said
    checkpoint_id: int | None


class CompletionSpan(Shape):
    """Between which days the course is completed, in eight cases of ten."""

    earliest: date
    latest: date


class NextMilestone(Shape):
    """The checkpoint that is completed next, and about when."""

    checkpoint_id: int
    kind: CheckpointKind
    title: str
    on: date | None
    due_at: datetime | None


class Predicted(Shape):
    """What is predicted, or why nothing is; for people, never a verdict."""

    band: RiskBand | None
    silence: Silence | None
    why_silent: SaidOrNot
    percent: int | None
    reasons: list[PredictedReason]
    next_steps: list[Intervention]
    completion: CompletionSpan | None
    milestone: NextMilestone | None


class Reached(Shape):
    """What a learner has reached so far."""

    total_earned: int
    recent_achievements: list[Said]
    next_achievement: SaidOrNot
    achievement_velocity: float


class LearningAnalyticsAnswer(Shape):
    """One learner in one course in one span; times in minutes. Source: s2"""

    student_id: int
    course_id: int
    period_type: Period
    start_date: date
    end_date: date
    time_metrics: TimeMetrics
    performance_metrics: PerformanceMetrics
    engagement_metrics: EngagementMetrics
    learning_patterns: LearningPatterns
    comparison_metrics: ComparisonMetrics
    predictions: Predicted
    achievements: Reached
