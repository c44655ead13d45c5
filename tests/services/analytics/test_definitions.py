"""Every figure that is shown says what it means."""

from dataclasses import fields

import pytest

from services.analytics import definitions
from services.analytics.checkpoint_figures import CheckpointFigures
from services.analytics.comparison import Comparison
from services.analytics.educator import MatrixRow, ScoreFigures, WeekFigures
from services.analytics.learner import DayFigures, LearnerWeek, TimeAtCheckpoint
from services.analytics.recalculations import Recalculations
from services.analytics.school import CourseRate, SchoolDay, SchoolWeek
from services.analytics.subjects import SubjectFigures
from services.analytics.tags import TagFigures
from services.core.phrases import ENGLISH

NAMES = {
    'checkpoint_id',
    'number',
    'title',
    'kind',
    'module',
    'due_at',
    'user_id',
    'name',
    'group',
    'monday',
    'states',
    'day',
    'tag',
    'subject',
    'course_id',
}
"""what says which checkpoint, learner or week it is, and is no figure"""


SHAPES = [
    *(CheckpointFigures, MatrixRow, WeekFigures, ScoreFigures),
    *(TimeAtCheckpoint, DayFigures, LearnerWeek, TagFigures, SubjectFigures, Comparison),
    *(SchoolDay, SchoolWeek, CourseRate, Recalculations),
]


@pytest.mark.req('N1', 'N3')
@pytest.mark.parametrize('shape', SHAPES, ids=lambda shape: shape.__name__)
def test_each_figure_has_a_definition(shape: type) -> None:
    assert {field.name for field in fields(shape)} - NAMES <= definitions.REGISTRY.keys()


def test_a_definition_is_one_sentence_of_its_own() -> None:
    said = [each.sentence.spoken(ENGLISH) for each in definitions.everything()]

    assert len(set(said)) == len(said)
    assert all(sentence[0].isupper() and sentence.endswith('.') for sentence in said)
    assert all(each.source and each.name.one for each in definitions.everything())
