"""Who is likely not to complete a course, why, and what would help: made every night, for people, never a verdict.

The model is a logistic one with fixed signs, learned from OULAD (see `shipped.json`) and then from the school's own
courses; docs/decisions/0033-prediction.md says why. What pages and programs ask for stands here.
"""

from services.analytics.prediction.band_quality import BandQuality, CourseQuality, quality
from services.analytics.prediction.outlook import (
    Answer,
    CoursePredictions,
    LearnerPrediction,
    Milestone,
    NextStep,
    Reason,
    Span,
    StepKind,
    Urgency,
)
from services.analytics.prediction.reading import of_course, of_learner
from services.analytics.prediction.silence import Silence

__all__ = [
    'Answer',
    'BandQuality',
    'CoursePredictions',
    'CourseQuality',
    'LearnerPrediction',
    'Milestone',
    'NextStep',
    'Reason',
    'Silence',
    'Span',
    'StepKind',
    'Urgency',
    'of_course',
    'of_learner',
    'quality',
]
