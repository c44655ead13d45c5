"""Why nothing is predicted of a learner: silence is better than a guess."""

from collections.abc import Mapping
from enum import StrEnum

from services.core.phrases import Phrase, phrase


class Silence(StrEnum):
    """A reason for not predicting anything."""

    OFF = 'off'
    NOT_YET = 'not_yet'
    COMPLETED = 'completed'
    OVER = 'over'
    PAUSED = 'paused'
    NO_DATES = 'no_dates'
    SMALL_COURSE = 'small_course'
    SMALL_CLASS = 'small_class'
    JUST_ENROLLED = 'just_enrolled'
    TOO_EARLY = 'too_early'


SENTENCES: Mapping[Silence, Phrase] = {
    Silence.OFF: phrase('Predictions are switched off.'),
    Silence.NOT_YET: phrase('Predictions are made at night; there are none yet.'),
    Silence.COMPLETED: phrase('The course is completed.'),
    Silence.OVER: phrase('The course is over.'),
    Silence.PAUSED: phrase('The learner has paused the course.'),
    Silence.NO_DATES: phrase('The course has too few due dates to compare the work with.'),
    Silence.SMALL_COURSE: phrase('The course has fewer than five steps.'),
    Silence.SMALL_CLASS: phrase('There are fewer than five learners to compare with.'),
    Silence.JUST_ENROLLED: phrase('The learner joined less than a week ago.'),
    Silence.TOO_EARLY: phrase('It is too early to say.'),
}
