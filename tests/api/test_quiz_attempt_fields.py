"""Every field of the quiz attempt of a specification has its place: the table in docs/api.md, row by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI

from services.accounts import profiles
from services.core import database
from services.people import joining
from services.quizzes import circumstances
from services.quizzes.quiz_settings import Band, Rules
from tests.api.conftest import APrograms
from tests.factories.classes import a_class, join_class
from tests.factories.people import an_account
from tests.factories.quizzes import FINEST, HOW_ACID, WHY, a_quiz
from tests.support.running import ROOT

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('B1', 'Q2')]

FIELDS = """
id student_id quiz_id course_id lesson_id started_at completed_at time_spent time_limit_exceeded score points_earned
points_possible passed passing_score answers.question_id answers.question_type answers.answer answers.correct_answer
answers.is_correct answers.partial_credit answers.points_earned answers.points_possible answers.time_spent
answers.attempts_before_answer answers.confidence_level feedback feedback_provided_at feedback_provided_by auto_feedback
attempt_number is_practice environment device_info.type device_info.browser device_info.os device_info.screen_size
location_info.ip_address location_info.country location_info.region location_info.timezone integrity_flags.type
integrity_flags.timestamp integrity_flags.details session_id interruptions metadata.question_order metadata.randomized
metadata.adaptive metadata.difficulty_adjustments
"""
"""what the specification names, in its order"""

_TABLE = (ROOT / 'docs' / 'api.md').read_text().partition('field by field')[2].partition('\n## ')[0]
ROWS = [[cell.strip() for cell in line.strip('|').split('|')] for line in _TABLE.splitlines() if line.startswith('| `')]
TABLET = 'Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1'


def test_the_table_has_each_field_once() -> None:
    assert [row[0].strip('`') for row in ROWS] == FIELDS.split()


@dataclass(frozen=True, slots=True)
class Kept:
    """The record of an attempt, and what is known of it."""

    record: dict[str, Any]
    known: dict[str, Any]


async def an_attempt(a_program: APrograms) -> Kept:
    """One attempt in which everything happens that can be kept of one."""
    klass = await a_class(checkpoints=1)
    bands = (Band(from_percent=0, text='Read page 4 again.'),)
    rules = Rules(asks_confidence=True, minutes=30, passing_percent=70, bands=bands)
    quiz = await a_quiz(questions=(FINEST, HOW_ACID, WHY), klass=klass, rules=rules)
    stella = (await an_account(email='stella@example.org', name='Stella Student')).actor
    await database.write(joining.join, stella, code=klass.code)
    await database.write(profiles.live_in, stella, time_zone='Europe/Berlin')
    await join_class(klass, by=stella)
    learner = await a_program(stella, **{'user-agent': TABLET})
    teacher = await a_program(klass.teacher)
    begun = (await learner.post(f'/checkpoints/{quiz.checkpoint_id}/attempts')).json()
    here = f'/attempts/{begun["attempt_id"]}'
    for position, answer in enumerate(_ANSWERS):
        for each in answer:
            assert (await learner.put(f'{here}/answers/{position}', json=each)).status_code == 200
    await database.write(circumstances.come_back, stella, begun['attempt_id'])
    await learner.post(f'{here}/submit')
    assert (await teacher.put(f'{here}/answers/2/grade', json={'points': 1})).status_code == 200
    assert (await teacher.put(f'{here}/feedback', json={'feedback': 'Go on.'})).status_code == 204
    known = {
        'attempt': begun['attempt_id'],
        'learner': stella.user_id,
        'teacher': klass.teacher.user_id,
        'course': klass.course_id,
        'quiz': quiz.checkpoint_id,
        'class': klass.session_id,
        'questions': list(quiz.question_ids),
        'orders': [[each['place'] for each in one['asked']['options']] for one in begun['questions']],
    }
    return Kept(record=(await teacher.get(f'{here}/record')).json(), known=known)


_ANSWERS: Sequence[Sequence[dict[str, Any]]] = (
    [{'chosen': [1], 'seconds': 10}, {'chosen': [0], 'seconds': 5, 'confidence': 4}],
    [{'text': '6', 'seconds': 3}],
    [{'text': 'Large pores.', 'has_pasted': True, 'has_left': True}],
)
A_MOMENT = re.compile(r'20\d\d-\d\d-\d\dT.*Z')
WHAT: dict[str, Any] = {
    'id': lambda known: known['attempt'],
    'student_id': lambda known: known['learner'],
    'quiz_id': lambda known: known['quiz'],
    'course_id': lambda known: known['course'],
    'lesson_id': lambda known: known['quiz'],
    'started_at': A_MOMENT,
    'completed_at': A_MOMENT,
    'time_spent': re.compile(r'\d\d?'),
    'time_limit_exceeded': False,
    'score': 42,
    'points_earned': 3.0,
    'points_possible': 7.0,
    'passed': False,
    'passing_score': 70,
    'answers.question_id': lambda known: known['questions'],
    'answers.question_type': ['single_choice', 'numeric', 'essay'],
    'answers.answer': [
        {'chosen': [0], 'text': '', 'pairs': [], 'order': []},
        {'chosen': [], 'text': '6', 'pairs': [], 'order': []},
        {'chosen': [], 'text': 'Large pores.', 'pairs': [], 'order': []},
    ],
    'answers.correct_answer': [
        {'options': [0], 'numbers': [], 'texts': [], 'pairs': [], 'order': []},
        {
            'options': [],
            'numbers': [{'value': '7', 'tolerance': '0.05', 'tolerance_kind': 'nominal'}],
            'texts': [],
            'pairs': [],
            'order': [],
        },
        {'options': [], 'numbers': [], 'texts': [], 'pairs': [], 'order': []},
    ],
    'answers.is_correct': ['right', 'wrong', 'partly'],
    'answers.partial_credit': ['right', 'wrong', 'partly'],
    'answers.points_earned': [2.0, 0.0, 1.0],
    'answers.points_possible': [2.0, 1.0, 4.0],
    'answers.time_spent': [15, 3, 0],
    'answers.attempts_before_answer': [1, 0, 0],
    'answers.confidence_level': [4, None, None],
    'feedback': 'Go on.',
    'feedback_provided_at': A_MOMENT,
    'feedback_provided_by': lambda known: known['teacher'],
    'auto_feedback': 'Read page 4 again.',
    'attempt_number': 1,
    'is_practice': False,
    'environment': 'live',
    'device_info.type': 'tablet',
    'device_info.browser': 'A script',
    'device_info.os': 'A script',
    'location_info.ip_address': re.compile('[0-9a-f]{64}'),
    'location_info.timezone': 'Europe/Berlin',
    'integrity_flags.type': (1, 1),
    'integrity_flags.details': (1, 1),
    'session_id': lambda known: known['class'],
    'interruptions': 1,
    'metadata.question_order': lambda known: known['questions'],
    'metadata.randomized': lambda known: known['orders'],
}
"""what the record of this attempt says, at the places that the table names for a field"""


@pytest.mark.both_databases
async def test_each_field_is_answered_where_the_table_says(a_program: APrograms) -> None:
    kept = await an_attempt(a_program)

    assert {row[0].strip('`') for row in ROWS if row[1] != '–'} == WHAT.keys()
    for name, expected in WHAT.items():
        ours = next(row[1] for row in ROWS if row[0] == f'`{name}`')
        found = tuple(_found(kept.record, place) for place in re.findall(r'`([a-z_.]+)`', ours))
        if isinstance(expected, re.Pattern):
            assert expected.fullmatch(str(found[0])), name
        elif isinstance(expected, tuple):
            assert found == expected, name
        else:
            assert found == (expected(kept.known) if callable(expected) else expected,), name
    assert kept.record['answers'][0]['auto_feedback'] == ['Its parts are below 0.002 mm.', 'Clay holds water.']


def test_what_is_said_not_to_be_kept_is_nowhere(application: FastAPI) -> None:
    schemas = application.openapi()['components']['schemas']
    names = {*schemas['AttemptRecordShown']['properties'], *schemas['AnswerRecordShown']['properties']}

    absent = [row for row in ROWS if row[1] == '–']
    assert len(absent) == 6
    for field, _, remark in absent:
        assert remark.startswith(('not kept', 'not there')), field
        assert not [name for name in names if field.rpartition('.')[2] in name], field


def _found(record: dict[str, Any], place: str) -> Any:
    """What stands at a place; of the answers, a list of what each of them has there."""
    first, _, rest = place.partition('.')
    return [each[rest] for each in record[first]] if rest else record[first]
