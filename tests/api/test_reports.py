"""How far learners are: for themselves, for those who teach them, and for nobody else."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update
from structlog.testing import capture_logs

from models import Enrollment
from services.activity.following import Running
from services.core import clock, database
from services.courses import catalog, checkpoints, modules
from services.live import sessions
from services.people import joining, participants
from services.progress import module_completions
from tests.api.conftest import APrograms
from tests.factories.classes import a_class, a_course, mark, tap
from tests.factories.people import a_guest, a_student, an_admin, an_instructor
from tests.factories.quizzes import a_quiz, take
from tests.factories.study import a_morning, arrive, beat, leave
from tests.factories.videos import a_viewer

pytestmark = pytest.mark.req('B1', 'S2', 'S4', 'S8', 'S12')

ABSENT = 999_999


async def test_a_learner_sees_all_their_courses_and_a_teacher_their_own(a_program: APrograms) -> None:
    soil, water, air = (
        await a_course(checkpoints=3),
        await a_course(title='Water', checkpoints=2),
        await a_course(title='Air'),
    )
    sami = await a_student()
    for course in (soil, water):
        await database.write(joining.join, sami, code=course.code)
    await mark(soil.checkpoints[0], by=sami)
    for checkpoint in water.checkpoints:
        await mark(checkpoint, by=sami)
    path = f'/progress/student/{sami.user_id}'

    own = (await (await a_program(sami)).get(path)).json()
    teachers = (await (await a_program(soil.teacher)).get(path)).json()
    admins = (await (await a_program(await an_admin())).get(path)).json()
    strangers = await (await a_program(air.teacher)).get(path)

    assert own == admins
    assert (own['name'], own['percent'], own['done'], own['counted']) == ('Sami Student', 60, 3, 5)
    assert [(each['title'], each['state'], each['percent']) for each in own['courses']] == [
        ('Soil', 'in_progress', 33),
        ('Water', 'completed', 100),
    ]
    assert own['courses'][1]['completed_at']
    assert own['courses'][1]['certificate']
    assert [each['title'] for each in teachers['courses']] == ['Soil']
    assert strangers.status_code == 404


async def test_whoever_learns_nowhere_has_an_empty_list(a_program: APrograms) -> None:
    sami = await a_student()

    own = await (await a_program(sami)).get(f'/progress/student/{sami.user_id}')
    absent = await (await a_program(await an_admin())).get(f'/progress/student/{ABSENT}')

    assert (own.json()['courses'], own.json()['percent']) == ([], 0)
    assert absent.status_code == 404


async def test_a_teacher_sees_everybody_in_pages(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=2, learners=[f'Learner {number}' for number in range(7)])
    await tap(klass, klass.checkpoints[0], by=klass.learners[2])
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learners[5].user_id)
    ines = await a_program(klass.teacher)

    found, cursor = [], '0'
    while cursor:
        answer = await ines.get(f'/progress/course/{klass.course_id}', params={'limit': 3, 'cursor': cursor})
        page = answer.json()
        found += page['items']
        cursor = page['next']
        if len(found) == 3:
            await a_guest(code=klass.code, name='Late Lara')

    assert [each['name'] for each in found] == [*(f'Learner {n}' for n in range(7) if n != 5), 'Late Lara']
    assert [(each['percent'], each['state']) for each in found[1:4]] == [
        (0, 'not_started'),
        (50, 'in_progress'),
        (0, 'not_started'),
    ]
    assert found[2]['last_active'] > found[1]['last_active']


async def test_a_learner_does_not_see_the_others(a_program: APrograms) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    lena, otto = klass.learners
    program = await a_program(lena)

    answers = [
        await program.get(f'/progress/course/{klass.course_id}'),
        await program.get(f'/progress/student/{otto.user_id}'),
        await program.get(f'/progress/student/{otto.user_id}/course/{klass.course_id}'),
        await program.get(f'/progress/student/{otto.user_id}/concept/{klass.checkpoints[0]}'),
        await program.get(f'/progress/learning-path/{otto.user_id}'),
        await program.post(f'/progress/student/{lena.user_id}/course/{klass.course_id}/recalculate'),
        await program.post(f'/courses/{klass.course_id}/recalculate'),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7


async def test_one_course_in_full_tells_each_checkpoint_in_each_mode(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=2)
    more = await database.write(modules.add, klass.teacher, klass.course_id, title='More')
    (last,) = await database.write(checkpoints.add, klass.teacher, more, lines='Last')
    lena = klass.learner
    await tap(klass, klass.checkpoints[0])
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False) as machine:
        await arrive(lena, klass.checkpoints[1])
        await mark(klass.checkpoints[1], by=lena)
        machine.shift(timedelta(seconds=30))
        await beat(lena, klass.checkpoints[1])
        await mark(klass.checkpoints[0], by=lena)

        told = (
            await (await a_program(klass.teacher)).get(f'/progress/student/{lena.user_id}/course/{klass.course_id}')
        ).json()

    assert (told['name'], told['course']['percent'], told['course']['state']) == ('Lena Learner', 66, 'in_progress')
    assert told['next_checkpoint_id'] == last
    first, other = told['modules']
    assert (first['percent'], first['done'], first['counted']) == (100, 2, 2)
    assert (other['title'], other['percent'], other['steps'][0]['number']) == ('More', 0, 3)
    one, two = first['steps']
    assert one['state'] == two['state'] == 'completed'
    assert one['live']['completed_at'] < one['self_paced']['completed_at']
    assert (two['live'], two['self_paced']['duration_seconds'], two['study_seconds']) == (None, 0, 30)
    assert other['steps'][0]['state'] == 'not_started'
    assert told['studied']['active_seconds'] == 30
    assert (told['studied']['sessions'], told['studied']['is_studying']) == (1, True)
    assert told['studied']['last_checkpoint_id'] == klass.checkpoints[1]
    assert told['studied']['current_module_id'] == klass.module_id
    assert told['studied']['average_seconds'] == 30
    assert told['studied']['session_started_at']


@pytest.mark.req('S7')
async def test_sessions_have_an_average_and_one_that_goes_on_has_a_beginning(a_program: APrograms) -> None:
    course = await a_course(checkpoints=2)
    lena = await a_guest(code=course.code)
    address = f'/progress/student/{lena.user_id}/course/{course.course_id}'
    program = await a_program(lena)
    assert (await program.get(address)).json()['studied']['average_seconds'] == 0
    with time_machine.travel(a_morning(), tick=False) as machine:
        for seconds in (60, 120):
            await arrive(lena, course.checkpoints[0])
            machine.shift(seconds)
            await beat(lena, course.checkpoints[0])
            await leave(lena, course.course_id)
        over = (await (await a_program(lena)).get(address)).json()['studied']
        began = clock.now()
        await arrive(lena, course.checkpoints[1])
        on = (await (await a_program(lena)).get(address)).json()['studied']

    assert (over['average_seconds'], over['session_started_at']) == (90, None)
    assert datetime.fromisoformat(on['session_started_at']) == began
    assert on['current_module_id'] == course.module_id


@pytest.mark.req('S6')
async def test_a_module_that_is_complete_says_since_when(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    await Running(module_completions.FOLLOWER).catch_up()
    program = await a_program(klass.learner)

    told = (await program.get(f'/progress/student/{klass.learner.user_id}/course/{klass.course_id}')).json()
    path = (await program.get(f'/courses/{klass.course_id}/path')).json()

    assert told['modules'][0]['completed_at'] == path['modules'][0]['completed_at'] is not None


@pytest.mark.req('O1')
async def test_the_server_log_says_who_has_opened_which_overview(a_program: APrograms) -> None:
    klass = await a_class()
    teacher = await a_program(klass.teacher)
    with capture_logs() as lines:
        await teacher.get(f'/progress/course/{klass.course_id}')
        await teacher.get(f'/progress/student/{klass.learner.user_id}/course/{klass.course_id}')

    opened = [line for line in lines if line['event'] == 'dashboard opened']
    assert [(line['page'], line['by'], line['course'], line.get('about')) for line in opened] == [
        ('progress', klass.teacher.user_id, klass.course_id, None),
        ('learner', klass.teacher.user_id, klass.course_id, klass.learner.user_id),
    ]


@pytest.mark.req('S1')
async def test_refusals_begin_as_the_first_program_had_them(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    stranger = await a_program(await a_student())

    unknown = await stranger.post(f'/progress/{ABSENT}/complete')
    elsewhere = await stranger.post(f'/progress/{course.checkpoints[0]}/complete')
    nobody = await (await a_program()).post(f'/progress/{course.checkpoints[0]}/complete')

    answers = [(answer.status_code, answer.json()['detail']) for answer in (unknown, elsewhere, nobody)]
    assert [status for status, _ in answers] == [404, 403, 401]
    for (_, detail), begins in zip(
        answers, ('Lesson not found', 'Not enrolled in this course', 'Not authenticated'), strict=True
    ):
        assert detail.startswith(begins)


async def test_one_checkpoint_tells_how_often_and_how_long(a_program: APrograms) -> None:
    klass = await a_class()
    lena = klass.learner
    program = await a_program(lena)
    path = f'/progress/student/{lena.user_id}/concept/{klass.checkpoints[0]}'

    before = (await program.get(path)).json()
    await program.post(f'/progress/{klass.checkpoints[0]}/start')
    begun = (await program.get(path)).json()
    for verb in ('complete', 'undo', 'complete'):
        await program.post(f'/progress/{klass.checkpoints[0]}/{verb}')
    after = (await program.get(path)).json()

    assert (before['state'], before['attempts'], before['last_accessed']) == ('not_started', 0, None)
    assert (begun['state'], begun['percent']) == ('in_progress', 0)
    assert (after['state'], after['percent'], after['attempts']) == ('completed', 100, 2)
    assert after['last_accessed'] >= after['self_paced']['completed_at']
    assert after['content'] is None


async def test_a_video_tells_where_one_is_in_it(a_program: APrograms) -> None:
    course = await a_course()
    lena = await a_viewer(course)
    await lena.watches(40)
    assert lena.learner

    answer = await (await a_program(course.teacher)).get(
        f'/progress/student/{lena.learner.user_id}/concept/{course.checkpoints[0]}'
    )

    told = answer.json()
    assert (told['kind'], told['state'], told['percent']) == ('video', 'in_progress', 40)
    content = told['content']
    assert (content['position'], content['furthest'], content['seen_percent']) == (40, 40, 40)
    assert (content['views'], content['plays'], content['pauses']) == (1, 1, 1)


@pytest.mark.req('Q6')
async def test_the_skills_of_a_course_say_how_sure_a_learner_is(a_program: APrograms) -> None:
    quiz = await a_quiz()
    for _ in range(3):
        await take(quiz)
    path = f'/progress/student/{quiz.learner.user_id}/course/{quiz.klass.course_id}/skills'

    own = (await (await a_program(quiz.learner)).get(path)).json()

    assert [(each['name'], each['standing'], each['answers']) for each in own] == [
        ('ph', 'sure', 3),
        ('soil', 'sure', 6),
    ]
    assert own == (await (await a_program(quiz.teacher)).get(path)).json()
    assert (await (await a_program(quiz.learner)).get(path.replace('skills', 'reviews'))).json() == []


async def test_the_learning_path_says_where_to_go_on(a_program: APrograms) -> None:
    soil, water = await a_course(checkpoints=2), await a_course(title='Water', checkpoints=1)
    sami = await a_student()
    for course in (soil, water):
        await database.write(joining.join, sami, code=course.code)
    await mark(soil.checkpoints[0], by=sami)
    await mark(water.checkpoints[0], by=sami)
    program = await a_program(sami)

    first = (await program.get(f'/progress/learning-path/{sami.user_id}', params={'limit': 1})).json()
    rest = (await program.get(f'/progress/learning-path/{sami.user_id}', params={'cursor': first['next']})).json()

    (path,) = first['items']
    assert (path['course']['title'], path['next_checkpoint_id']) == ('Soil', soil.checkpoints[1])
    assert [checkpoint['state'] for checkpoint in path['modules'][0]['steps']] == ['completed', 'not_started']
    assert [(each['course']['title'], each['next_checkpoint_id']) for each in rest['items']] == [
        ('Water', water.checkpoints[0])  # all complete: the first one for review
    ]
    assert rest['next'] is None


async def test_what_is_gone_or_put_away_is_not_there(a_program: APrograms) -> None:
    klass = await a_class()
    lena, ines = await a_program(klass.learner), await a_program(klass.teacher)
    user_id = klass.learner.user_id
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])

    assert (await lena.get(f'/progress/student/{user_id}/concept/{klass.checkpoints[0]}')).status_code == 404
    assert (await lena.get(f'/progress/student/{user_id}/concept/{ABSENT}')).status_code == 404
    assert (await lena.get(f'/progress/student/{user_id}/course/{ABSENT}')).status_code == 404
    assert (await ines.get(f'/progress/course/{ABSENT}')).status_code == 404
    await database.write(sessions.end, klass.teacher, klass.course_id)
    await database.write(catalog.delete, klass.teacher, klass.course_id)
    assert (await lena.get(f'/progress/student/{user_id}/course/{klass.course_id}')).status_code == 404
    assert (await lena.get(f'/progress/student/{user_id}')).json()['courses'] == []


async def test_own_progress_and_why_it_is_so(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=3)
    lena, stranger = await a_program(klass.learner), await a_program(await a_student())
    await tap(klass, klass.checkpoints[0])
    path = f'/courses/{klass.course_id}'

    own = (await lena.get(f'{path}/progress')).json()
    why = (await lena.get(f'{path}/progress/why')).json()

    assert own.pop('enrollment_id')
    assert own == {'total': 3, 'completed': 1, 'percent': 33, 'completed_ids': [klass.checkpoints[0]]}
    assert why['figures']['in_class'] == 1
    assert why['sentences'][0] == '1 of 3 steps done: 1 × 100 ÷ 3 = 33.3 %, rounded down to 33 %.'
    for part in ('progress', 'progress/why'):
        assert (await stranger.get(f'{path}/{part}')).json() is None
        assert (await lena.get(f'/courses/{ABSENT}/{part}')).json() is None


async def test_where_to_go_on(a_program: APrograms) -> None:
    klass, empty = await a_class(checkpoints=2), await a_course(checkpoints=0)
    lena, path = await a_program(klass.learner), f'/courses/{klass.course_id}/next'
    ines = await a_program(empty.teacher)

    found = []
    for checkpoint in (None, *klass.checkpoints):
        if checkpoint:
            await lena.post(f'/progress/{checkpoint}/complete')
        found.append((await lena.get(path)).json()['checkpoint_id'])

    assert found == [klass.checkpoints[0], klass.checkpoints[1], klass.checkpoints[0]]
    assert (await ines.get(f'/courses/{empty.course_id}/next')).json() == {'checkpoint_id': None}
    assert (await ines.get(path)).status_code == 404


async def test_a_recalculation_repairs_and_reports(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=2, learners=['Lena', 'Otto'])
    lena = klass.learner
    await tap(klass, klass.checkpoints[0], by=lena)
    await database.write(lambda tx: tx.change(update(Enrollment).values(percent=7)))
    ines, other = await a_program(klass.teacher), await a_program(await an_instructor())
    path = f'/progress/student/{lena.user_id}/course/{klass.course_id}/recalculate'

    one = await ines.post(path)
    everybody = await ines.post(f'/courses/{klass.course_id}/recalculate')
    absent = await ines.post(f'/progress/student/{ABSENT}/course/{klass.course_id}/recalculate')

    assert one.json() == {'percent': 50, 'completed_at': None, 'changed': True}
    assert everybody.json() == {'learners': 2, 'changed': 1}
    assert absent.status_code == 404
    assert (await other.post(path)).status_code == 404
