"""What a request asks of the database: a few statements, and no more of them for a large class than for a small one.

Every address is counted with the rows of `tests/support/route_table.py`. One that needs more than the usual number has
its own,
and the reason, in `MORE` below. What grows with the size of the class is mended, not allowed.
"""

import pytest
from fastapi import FastAPI

from tests.support.api_client import Asker
from tests.support.queries import statements
from tests.support.route_table import IN, ROUTES
from tests.support.school_copies import Copies

pytestmark = pytest.mark.req('B1', 'O8')

SMALL, LARGE = 3, 30
READING, WRITING = 8, 16
"""statements that a request may usually ask for, the one for who asks included"""
LOOKED, LOOKS = 'looks', 8
"""what is in each statement of a look at the data of others: two for each look, of four courses or learners at most"""
COURSE = 'all figures of a course in one answer, each kind of fact read once'
LEARNER = 'all figures of a learner in a course, each kind of fact read once'
LOADED = 'the first who looks at a class has its board loaded'

MORE: dict[str, tuple[int, str]] = {
    'GET /courses/{course_id}/live': (14, LOADED),
    'GET /courses/{course_id}/completion-records': (
        18,
        'the log in pages, what is missing, what was agreed with learners, and the names for all of it',
    ),
    'GET /courses/{course_id}/help': (14, LOADED),
    'GET /courses/{course_id}/help/own': (14, LOADED),
    'GET /courses/{course_id}/attention': (18, LOADED),
    'POST /courses/{course_id}/live/join': (26, LOADED),
    'PUT /courses/{course_id}/live/pace': (22, LOADED),
    'GET /courses/{course_id}/live/question': (14, LOADED),
    'GET /analytics/instructor/{course_id}': (24, COURSE),
    'GET /analytics/export/{course_id}': (24, COURSE),
    'GET /analytics/student/{course_id}': (36, LEARNER),
    'GET /analytics/insights/{user_id}': (63, f'{LEARNER}; two courses'),
    'GET /analytics/trends/{user_id}': (63, f'{LEARNER}; two courses'),
    'GET /dashboard/student/{user_id}': (63, f'{LEARNER}; two courses'),
    'GET /analytics/report/{user_id}': (101, f'{LEARNER}, and what is predicted; two courses'),
    'GET /analytics/report/{user_id}/performance': (150, f'{LEARNER}, and what was written and kept; two courses'),
    'POST /analytics/export': (54, f'{LEARNER}; two courses'),
    'GET /dashboard/parent/{parent_id}': (56, f'the look, and {LEARNER}; two courses'),
    'GET /dashboard/educator/{user_id}': (49, f'{COURSE}; two courses'),
    'GET /dashboard/admin/{user_id}': (15, 'people, study, courses, files, jobs and followers, each by itself'),
    'GET /progress/student/{user_id}/course/{course_id}': (
        14,
        'what was done, seen, studied and reached, and where they are',
    ),
    'GET /progress/learning-path/{user_id}': (15, 'each of the few courses of one learner is read by itself'),
    'GET /progress/student/{user_id}/concept/{checkpoint_id}': (
        11,
        'what was done, seen, studied and mastered, and the log',
    ),
    'GET /gamification/streak/{user_id}': (9, 'days, weeks, pauses, days off, and what is switched on'),
    'PUT /courses/{course_id}/people/{guest_id}/same-as': (
        70,
        'tells anew what both have done, reached and mastered, in each course, their weeks, days, totals and points',
    ),
    'POST /courses/{course_id}/class-list': (
        27,
        'it is planned and brought in slice by slice, each in a commit of its own',
    ),
    'GET /courses/{course_id}/predictions': (10, 'the learners, the steps, what was said of them, and the switches'),
    'GET /courses/{course_id}/predictions/{user_id}': (10, 'goes through the same'),
    'POST /courses/{course_id}/predictions': (
        34,
        'reads all that was done in the course, writes what has changed, and shows it',
    ),
    'POST /courses/import': (18, 'makes a course, and a module for each in the file'),
    'POST /courses/{course_id}/duplicate': (
        36,
        'makes a course with its bank, pictures, quizzes and grading, and a module for each that it has; steps with and'
        ' without a file take turns',
    ),
    'GET /courses/{course_id}/file': (
        15,
        'the course, its steps, its bank, the pictures in it, its quizzes, its assignments, and how it is graded',
    ),
    'GET /courses/{course_id}/classes/{session_id}': (10, 'the class, everybody in it, the groups, and the questions'),
    'GET /courses/{course_id}/classes/{session_id}/grid': (10, 'goes through the same'),
    'GET /courses/{course_id}/classes/{session_id}/moves': (10, 'goes through the same'),
    'POST /courses/{course_id}/study': (18, 'where to go on, the session, and that the step is started'),
    'POST /study/progress': (26, 'a sign of life, that the step is started, and what was seen, each with its checks'),
    'GET /courses/{course_id}/path': (18, 'the steps, marks and positions, where to go on, and why it is so many %'),
    'POST /questions/{question_id}/accept': (
        23,
        'reads the question, makes a version, forgets what classes got for it, and answers it, each with its checks',
    ),
    'PUT /checkpoints/{checkpoint_id}/quiz': (
        19,
        'the rules, the questions, and what is answered, each with its checks',
    ),
    'GET /checkpoints/{checkpoint_id}/quiz/offer': (15, 'the rules, the limits of the learner, and their attempts'),
    'POST /checkpoints/{checkpoint_id}/attempts': (
        24,
        'the class, the attempt that is open, its paper, and how many are left, each with its checks',
    ),
    'GET /attempts/{attempt_id}': (10, 'the paper or the review, and how many attempts are left'),
    'POST /attempts/{attempt_id}/submit': (28, 'grades it, tells the log, mastery and skills, and answers the review'),
    'PUT /attempts/{attempt_id}/answers/{position}/grade': (
        17,
        'grades it, asks what its quiz shows, and answers the same',
    ),
    'GET /submissions/{submission_id}': (11, 'the work, its files, what came back, whose it is, and what waits next'),
    'PUT /submissions/{submission_id}/grade': (18, 'grades it, and answers the same'),
    'GET /checkpoints/{checkpoint_id}/submission': (12, 'the rules, when it is due for the learner, and their tries'),
    'POST /checkpoints/{checkpoint_id}/submission/submit': (
        36,
        'hands in, tells the log and what follows it, and answers the same',
    ),
    'POST /checkpoints/{checkpoint_id}/submission/take-back': (20, 'looks whether that can be, and answers the same'),
    'GET /courses/{course_id}/attendance/{session_id}/sheet': (
        9,
        'the class, its teacher, everybody in it, the groups, who came, and what was corrected',
    ),
    'GET /courses/{course_id}/time': (12, 'the sessions, times, standings and steps of one learner'),
    'GET /courses/{course_id}/time/sessions': (12, 'goes through the same'),
    'GET /courses/{course_id}/people/{user_id}/time': (12, 'goes through the same'),
    'GET /courses/{course_id}/people/{user_id}/time/sessions': (12, 'goes through the same'),
}

BY_COURSE = {'GET /school/time': 'reads one course after the other, each in a transaction, so that nothing waits long'}
"""what asks more of a school with more courses, as the large one has"""


@pytest.mark.parametrize('route', [route for route in ROUTES if route not in BY_COURSE])
async def test_a_large_class_costs_no_more_statements_than_a_small_one(
    one_application: FastAPI, copies: Copies, route: str
) -> None:
    small, large = [await asked(one_application, copies, route, size=size) for size in (SMALL, LARGE)]

    assert len(small) == len(large), f'{route} asks for each thing of many by itself:\n' + '\n'.join(large)
    usual = READING if route.startswith('GET') else WRITING
    most, why = MORE.get(route, (usual, 'add it to MORE in tests/api/test_budgets.py if that is really needed'))
    looks = [each for each in small if LOOKED in each]
    assert len(looks) <= LOOKS, f'{route} records the same look more than once'
    assert len(small) - len(looks) <= most, f'{route} asks more than {most} times ({why}):\n' + '\n'.join(small)


async def asked(application: FastAPI, copies: Copies, route: str, *, size: int) -> list[str]:
    """The statements of one request of the first who may."""
    db, school = await copies.fresh(size=size)
    asker = Asker(application=application, school=school, route=route)
    who = next(who for who, status in asker.row.who.items() if status == IN)
    engines = [engine for engine in (db.engines.reading, db.engines.writing, db.engines.at_once) if engine]
    with statements(*engines) as seen:
        answer = await asker.ask(who)
    assert answer.status_code < 500
    return seen
