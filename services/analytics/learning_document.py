"""Everything that s2 calls LearningAnalytics, as values; times are in minutes."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models import DayPart, RiskBand
from services.analytics.k_rule import Rough
from services.analytics.learner import Trend
from services.analytics.prediction import LearnerPrediction
from services.core.phrases import Phrase


class Period(StrEnum):
    """How long the span is. Source: s2, period_type"""

    DAILY = 'daily'
    WEEKLY = 'weekly'
    MONTHLY = 'monthly'
    CUSTOM = 'custom'


class Often(StrEnum):
    """How often something happens. Source: s2, review_frequency"""

    NEVER = 'never'
    RARELY = 'rarely'
    OFTEN = 'often'


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMinutes:
    """The time of one day."""

    date: date
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMetrics:
    """Where the time went, in minutes."""

    total_time: float
    lesson_time: float
    quiz_time: float
    assignment_time: float
    resource_time: float
    idle_time: float
    time_by_day: tuple[DayMinutes, ...]
    peak_hours: dict[DayPart, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceMetrics:
    """How well it went, from 0 to 100."""

    quiz_average: float | None
    quiz_improvement: float | None
    assignment_average: float | None
    completion_rate: int
    mastery_level: int | None
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    grade_distribution: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionMetrics:
    """What the learner did."""

    clicks_per_session: float | None
    pages_per_session: float | None
    videos_watched: int
    resources_downloaded: int
    questions_asked: int
    forum_posts: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementMetrics:
    """How much the learner took part."""

    login_count: int
    session_count: int
    avg_session_length: float | None
    participation_score: int
    interaction_metrics: InteractionMetrics
    engagement_trend: Trend
    risk_level: RiskBand | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPreferences:
    """The share of the study time at each kind, in percent."""

    video_preference: int | None
    text_preference: int | None
    interactive_preference: int | None
    audio_preference: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPatterns:
    """Habits."""

    consistent_schedule: bool | None
    cramming_detected: bool
    review_frequency: Often


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPatterns:
    """How the learner works."""

    preferred_content_type: str | None
    learning_pace: str | None
    optimal_session_length: int | None
    content_preferences: ContentPreferences
    study_patterns: StudyPatterns
    preferred_difficulty: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerComparison:
    """Which share of the others is where, in percent."""

    ahead_of_peers: int | Rough
    similar_to_peers: int | Rough
    behind_peers: int | Rough


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonMetrics:
    """The learner beside the others, and beside themselves."""

    vs_class_average: int | None
    vs_previous_period: int | None
    percentile_rank: int | Rough | None
    vs_personal_best: int | None
    peer_comparison: PeerComparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievements:
    """What the learner has reached so far."""

    total_earned: int
    recent_achievements: tuple[Phrase, ...]
    next_achievement: Phrase | None
    achievement_velocity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningAnalytics:
    """One learner in one course in one span. Source: s2"""

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
    predictions: LearnerPrediction
    achievements: Achievements
