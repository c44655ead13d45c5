"""What is predicted of a learner, as pages and programs see it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models import CheckpointKind, RiskBand, RiskRemark
from services.analytics.prediction.silence import Silence
from services.core.phrases import Phrase


class Urgency(StrEnum):
    """How soon a step has to be taken to help."""

    NOW = 'now'
    """today"""
    SOON = 'soon'
    """this week"""
    LATER = 'later'


class StepKind(StrEnum):
    """What a step that would help is."""

    CATCH_UP = 'catch_up'
    """finish what was due before"""
    GO_ON = 'go_on'
    """finish what is due next, in time"""
    AGAIN = 'again'
    """repeat what brought a low score"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One fact that raises the risk, as a sentence with its evidence."""

    fact: str
    """its name, as `services.analytics.prediction.facts` has it"""
    sentence: Phrase
    weight: float
    """by how much it raises the log-odds"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """Something that would help, the cheapest change first."""

    kind: StepKind
    urgency: Urgency
    sentence: Phrase
    checkpoint_id: int | None = None
    band: RiskBand | None = None
    """the band that would follow from it; None where that cannot be said"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """The checkpoint that a learner completes next, and about when."""

    checkpoint_id: int
    kind: CheckpointKind
    title: str
    on: date | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Between which days a learner completes the course, in eight cases of ten."""

    earliest: date
    latest: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody said of the band in which a learner is now."""

    kind: RiskRemark
    reason: str
    by: str
    """the name of the person who said it"""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerPrediction:
    """What is predicted of one learner in one course."""

    user_id: int
    course_id: int
    name: str
    band: RiskBand | None
    """None where nothing is predicted, for which `silence` has the reason"""
    silence: Silence | None
    why_silent: Phrase | None
    percent: int | None
    """how likely it is that they complete the course; None until the school knows that from runs of its own"""
    reasons: tuple[Reason, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    completion: Span | None = None
    milestone: Milestone | None = None
    since: datetime | None = None
    """since when they have been in this band"""
    made_at: datetime | None = None
    contested: Answer | None = None
    dismissed: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePredictions:
    """What is predicted of everybody in a course, the highest risk first."""

    course_id: int
    is_on: bool
    """whether predictions are made in this course"""
    made_at: datetime | None
    """None before the first night"""
    model: str
    """what they were made with, such as "oulad-1" or "oulad-1, own 3" """
    learners: tuple[LearnerPrediction, ...]
