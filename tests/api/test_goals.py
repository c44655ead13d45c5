"""Goals of programs: of the week and by a day, for their owner alone."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from services.goals import closing_weeks
from tests.api.conftest import APrograms, Program
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_guest, a_student, an_admin

pytestmark = pytest.mark.req('B1', 'S13')

PASS: dict[str, Any] = {
    'title': 'Pass',
    'due_on': '2099-06-30',
    'milestones': [{'title': 'Half'}, {'title': 'All', 'due_on': '2099-06-01'}],
}


@pytest.fixture
async def course(db: object) -> CourseAtHand:
    return await a_course()


@pytest.mark.both_databases
async def test_a_goal_is_set_changed_reached_and_deleted(course: CourseAtHand, a_program: APrograms) -> None:
    lena = await a_program(await a_guest(code=course.code))

    made = await lena.post('/goals', json=PASS | {'course_id': course.course_id})
    goal = f'/goals/{made.json()["goal_id"]}'
    half, _ = made.json()['wish']['milestones']
    reached = await lena.put(f'{goal}/milestones/{half["milestone_id"]}/reached', json={'reached': True})
    kept = {'milestone_id': half['milestone_id'], 'title': 'Half of it'}
    changed = await lena.put(goal, json={'title': 'Pass well', 'milestones': [kept]})
    achieved = await lena.put(f'{goal}/achieved', json={'achieved': True})
    listed = (await lena.get('/goals')).json()

    assert (made.status_code, made.json()['outlook'], made.json()['course_title']) == (201, 'on_track', 'Soil')
    assert reached.json()['wish']['milestones'][0]['reached_at']
    (milestone,) = changed.json()['wish']['milestones']
    assert (milestone['title'], bool(milestone['reached_at'])) == ('Half of it', True)
    assert (achieved.json()['outlook'], listed) == ('achieved', [achieved.json()])
    assert (await lena.delete(goal)).status_code == 204
    assert (await lena.get('/goals')).json() == []


async def test_a_goal_needs_no_course_and_belongs_to_one_person(course: CourseAtHand, a_program: APrograms) -> None:
    lena = await a_program(await a_student())
    made = (await lena.post('/goals', json=PASS)).json()
    goal, milestone = f'/goals/{made["goal_id"]}', made['wish']['milestones'][0]['milestone_id']

    for actor in course.teacher, await an_admin(), await a_guest(code=course.code):
        other = await a_program(actor)
        assert (await other.get('/goals')).json() == []
        assert (await other.put(goal, json={'title': 'Theirs'})).status_code == 404
        assert (await other.put(f'{goal}/achieved', json={'achieved': True})).status_code == 404
        reached = await other.put(f'{goal}/milestones/{milestone}/reached', json={'reached': True})
        assert reached.status_code == 404
        assert (await other.delete(goal)).status_code == 404
    elsewhere = await lena.post('/goals', json=PASS | {'course_id': course.course_id})
    teaching = await (await a_program(course.teacher)).post('/goals', json=PASS | {'course_id': course.course_id})
    assert (elsewhere.status_code, teaching.status_code) == (404, 403)


async def test_a_goal_that_is_sent_again_is_there_once(program: Program, a_program: APrograms) -> None:
    lena, key = await a_program(await a_student()), {'idempotency-key': 'the-same-goal-once-more'}

    first, again = [await lena.post('/goals', json=PASS, headers=key) for _ in range(2)]

    assert first.json() == again.json()
    assert len((await lena.get('/goals')).json()) == 1
    assert (await program.post('/goals', json=PASS)).status_code == 401


async def test_the_goal_of_the_week(course: CourseAtHand, a_program: APrograms) -> None:
    learner = await a_guest(code=course.code)
    lena, ines = await a_program(learner), await a_program(course.teacher)
    await mark(course.checkpoints[0], by=learner)

    chosen = await lena.put(f'/courses/{course.course_id}/weekly-goal', json={'checkpoints': 1})
    weeks = (await lena.get('/goals/weeks')).json()

    assert weeks == [chosen.json()]
    assert {name: weeks[0][name] for name in ('title', 'done', 'goal', 'outlook', 'state', 'percent')} == {
        'title': 'Soil',
        'done': 1,
        'goal': 1,
        'outlook': 'achieved',
        'state': 'in_progress',
        'percent': 33,
    }
    goal = {'checkpoints': 3}
    assert (await ines.put(f'/courses/{course.course_id}/weekly-goal', json=goal)).status_code == 403
    stranger = await a_program(await a_student())
    assert (await stranger.put(f'/courses/{course.course_id}/weekly-goal', json=goal)).status_code == 404
    for wrong in 0, 51, -1, 1.5, 'many', None:
        refused = await lena.put(f'/courses/{course.course_id}/weekly-goal', json={'checkpoints': wrong})
        assert refused.status_code == 422, wrong


@pytest.mark.parametrize(
    'wrong',
    [
        {'title': ''},
        {'title': 'x' * 501},
        {'due_on': 'tomorrow'},
        {'due_on': '1999-12-31'},
        {'due_on': '2101-01-01'},
        {'course_id': 0},
        {'milestones': [{'title': ''}]},
        {'milestones': [{'title': 'x', 'due_on': '0001-01-01'}]},
        {'milestones': [{'title': 'x'}] * 21},
        {'title': '\ud800'},
    ],
)
async def test_what_is_no_goal_is_refused(a_program: APrograms, wrong: dict[str, object]) -> None:
    lena = await a_program(await a_student())
    body = str(PASS | wrong).replace("'", '"')

    answer = await lena.post('/goals', content=body, headers={'content-type': 'application/json'})

    assert answer.status_code == 422
    assert (await lena.get('/goals')).json() == []


async def test_weeks_that_are_over_are_told_to_the_learner_and_to_those_who_teach(a_program: APrograms) -> None:
    with time_machine.travel(datetime(2030, 1, 10, 9, tzinfo=UTC)):
        course = await a_course()
        learner = await a_guest(code=course.code)
        await mark(course.checkpoints[0], by=learner)
    with time_machine.travel(datetime(2030, 1, 22, 9, tzinfo=UTC)):
        await closing_weeks.close_all()
        lena, teacher = await a_program(learner), await a_program(course.teacher)
        own = await lena.get(f'/courses/{course.course_id}/weeks')
        seen = await teacher.get(f'/courses/{course.course_id}/people/{learner.user_id}/weeks')

    assert own.json() == [{'monday': '2030-01-14', 'done': 0, 'goal': 5, 'outlook': 'missed'}] == seen.json()
