"""A program marks what its learner does; a service that an admin allowed to marks for the learners it names."""

import asyncio

import pytest
from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Progress, Verb
from services.accounts import sign_ins
from services.core import database
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.enums import Scope
from services.live import sessions
from services.people import joining, participants
from services.progress.marking import Marked
from tests.api.conftest import APrograms, Program
from tests.factories.classes import ClassAtHand, a_class, a_course, assert_log_and_projections_agree, percent
from tests.factories.people import a_student, an_admin, an_instructor
from tests.services.core.test_database import EACH_TAP
from tests.support.queries import statements

pytestmark = [pytest.mark.both_databases, pytest.mark.req('B1', 'S1', 'S8')]

KEY = 'a-random-text-of-my-own'
ABSENT = 999_999
TELLING = 3
"""
Who holds the tokens; how far the learners are then, certificates included.
One more where the course is paused: marking on one's own goes on with it.
"""


async def a_service(a_program: APrograms) -> Program:
    admin = await a_program(await an_admin())
    made = await admin.post('/auth/services', json={'name': 'Checker', 'scope': Scope.PROGRESS})
    return await a_program(token=made.json()['token'])


async def progress_rows() -> int:
    count = select(func.count()).select_from(Progress)
    return await database.read(lambda tx: tx.execute(count).scalar()) or 0


async def test_a_mark_is_answered_with_its_place_in_the_log_and_how_far_one_is(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=3)
    lena = await a_program(klass.learner)

    started = await lena.post(f'/progress/{klass.checkpoints[0]}/start')
    completed = await lena.post(f'/progress/{klass.checkpoints[0]}/complete')

    assert started.status_code == completed.status_code == 200
    assert (started.json()['verb'], started.json()['percent']) == ('started', 0)
    told = completed.json()
    assert told['activity_id'] > started.json()['activity_id']
    assert told['at'].endswith('Z')
    assert {name: told[name] for name in told.keys() - {'activity_id', 'at'}} == {
        'verb': 'completed',
        'user_id': klass.learner.user_id,
        'course_id': klass.course_id,
        'checkpoint_id': klass.checkpoints[0],
        'percent': 33,
        'completed_at': None,
        'certificate': None,
    }
    await assert_log_and_projections_agree()


async def test_the_answer_is_what_the_document_says(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=1)
    lena, form = await a_program(klass.learner), TypeAdapter(Marked)
    event = {'student_id': klass.learner.user_id, 'concept_id': klass.checkpoints[0], 'event_type': 'completed'}

    told = [
        (await lena.post(f'/progress/{klass.checkpoints[0]}/start')).json(),
        (await lena.post(f'/progress/{klass.checkpoints[0]}/complete')).json(),
        (await lena.post('/progress/track', json=event)).json()['mark'],
    ]

    assert [form.dump_python(form.validate_python(each), mode='json') for each in told] == told


async def test_the_last_one_completes_the_course_and_tells_the_certificate(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=2)
    lena = await a_program(klass.learner)

    told = [(await lena.post(f'/progress/{checkpoint}/complete')).json() for checkpoint in klass.checkpoints]
    back = (await lena.post(f'/progress/{klass.checkpoints[0]}/undo')).json()

    assert told[0]['certificate'] is None
    assert told[1]['percent'] == 100
    assert told[1]['completed_at'] == told[1]['at']
    assert len(told[1]['certificate']) > 10
    # what was earned stays
    assert back['percent'] == 50
    assert (back['completed_at'], back['certificate']) == (told[1]['completed_at'], told[1]['certificate'])


async def test_completing_twice_is_one_completion(a_program: APrograms) -> None:
    klass = await a_class()
    lena = await a_program(klass.learner)

    first = await lena.post(f'/progress/{klass.checkpoints[0]}/complete')
    at = await completed_at(klass)
    again = await lena.post(f'/progress/{klass.checkpoints[0]}/complete')

    assert first.status_code == again.status_code == 200
    assert again.json()['percent'] == 33
    assert (await progress_rows(), await completed_at(klass)) == (1, at)
    await assert_log_and_projections_agree()


async def test_the_same_key_is_the_same_mark_whatever_came_between(a_program: APrograms) -> None:
    klass = await a_class()
    lena = await a_program(klass.learner)
    path, key = f'/progress/{klass.checkpoints[0]}/complete', {'idempotency-key': KEY}

    first = await lena.post(path, headers=key)
    await lena.post(f'/progress/{klass.checkpoints[0]}/undo')
    late = await lena.post(path, headers=key)
    other = await lena.post(f'/progress/{klass.checkpoints[1]}/complete', headers=key)
    long = [await lena.post(path, headers={'idempotency-key': 'x' * 63 + end}) for end in 'aab']

    assert late.json() == first.json() | {'percent': 0}
    assert (other.status_code, other.json()['error']) == (409, 'KeyTaken')
    assert [each.status_code for each in long] == [200] * 3
    assert len({each.json()['activity_id'] for each in long}) == 2


async def test_in_a_running_class_a_mark_is_live_and_counts_once(a_program: APrograms) -> None:
    klass = await a_class()
    lena = await a_program(klass.learner)
    path, here = f'/progress/{klass.checkpoints[0]}', {'session_id': klass.session_id}

    live = await lena.post(f'{path}/complete', json=here)
    alone = await lena.post(f'{path}/complete')
    taken_back = await lena.post(f'{path}/undo', json=here)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    late = await lena.post(f'{path}/complete', json=here)

    assert [each.json()['percent'] for each in (live, alone, taken_back)] == [33, 33, 33]
    assert await progress_rows() == 2
    assert (late.status_code, late.json()['error']) == (410, 'Gone')


async def test_what_cannot_be_marked_says_why(a_program: APrograms) -> None:
    klass, elsewhere = await a_class(checkpoints=4), await a_class(title='Water')
    lena, nobody = await a_program(klass.learner), await a_program()
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[1], Details(title='Look', is_preview=True))
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[2])

    async def answer(checkpoint: int, by: Program = lena, **body: object) -> tuple[int, str]:
        refused = await by.post(f'/progress/{checkpoint}/complete', json=body or None)
        return refused.status_code, refused.json()['error']

    assert await answer(klass.checkpoints[0], by=nobody) == (401, 'NotSignedIn')
    assert await answer(ABSENT) == (404, 'NotFound')
    assert await answer(elsewhere.checkpoints[0]) == (403, 'NotEnrolled')
    assert await answer(klass.checkpoints[1]) == (409, 'Refused')
    assert await answer(klass.checkpoints[2]) == (410, 'Gone')
    assert await answer(klass.checkpoints[0], session_id=elsewhere.session_id) == (404, 'NotFound')
    assert await answer(elsewhere.checkpoints[0], session_id=elsewhere.session_id) == (403, 'NotEnrolled')
    assert await answer(klass.checkpoints[0], session_id=ABSENT) == (404, 'NotFound')
    assert await answer(klass.checkpoints[0], session_id='x') == (422, 'Invalid')
    assert await answer(klass.checkpoints[0], sesion_id=1) == (422, 'Invalid')
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)
    assert await answer(klass.checkpoints[0]) == (403, 'Removed')
    await database.write(catalog.delete, elsewhere.teacher, elsewhere.course_id)
    assert await answer(elsewhere.checkpoints[0], by=await a_program(elsewhere.learner)) == (410, 'Gone')
    assert await progress_rows() == 0


async def test_nobody_marks_for_others_but_a_service_that_may(a_program: APrograms) -> None:
    klass = await a_class()
    path, for_lena = f'/progress/{klass.checkpoints[0]}/complete', {'user_id': klass.learner.user_id}
    refused = [
        await (await a_program(who)).post(path, json=for_lena)
        for who in (klass.teacher, await an_admin(), await a_student())
    ]
    assert [(each.status_code, each.json()['error']) for each in refused] == [(403, 'Forbidden')] * 3

    service = await a_service(a_program)
    marked = await service.post(path, json=for_lena, headers={'idempotency-key': KEY})
    again = await service.post(path, json=for_lena, headers={'idempotency-key': KEY})

    assert marked.status_code == 200
    assert (marked.json()['user_id'], marked.json()['percent']) == (klass.learner.user_id, 33)
    assert again.json() == marked.json()
    assert await percent(klass, klass.learner) == 33
    await assert_log_and_projections_agree()


async def test_a_service_must_say_for_which_learner_and_they_must_be_enrolled(a_program: APrograms) -> None:
    klass, service = await a_class(), await a_service(a_program)
    stranger, teacher = await a_student(), await an_instructor()
    path = f'/progress/{klass.checkpoints[0]}/complete'

    answers = {
        who: (await service.post(path, json=body)).json()['error']
        for who, body in {
            'nobody': None,
            'absent': {'user_id': ABSENT},
            'a teacher': {'user_id': teacher.user_id},
            'a stranger': {'user_id': stranger.user_id},
        }.items()
    }

    assert answers == {
        'nobody': 'Invalid',
        'absent': 'NotFound',
        'a teacher': 'NotFound',
        'a stranger': 'NotEnrolled',
    }


async def test_an_admin_who_learns_somewhere_lends_that_to_no_service(a_program: APrograms) -> None:
    """What a service may do comes from the learner's own place in the course, not from its admin's."""
    klass, admin, stranger = await a_class(), await an_admin(), await a_student()
    await database.write(joining.join, admin, code=klass.code)
    made = await (await a_program(admin)).post('/auth/services', json={'name': 'Checker', 'scope': Scope.PROGRESS})
    service = await a_program(token=made.json()['token'])

    refused = await service.post(f'/progress/{klass.checkpoints[0]}/complete', json={'user_id': stranger.user_id})

    assert (refused.status_code, refused.json()['error']) == (403, 'NotEnrolled')


async def test_a_token_that_was_revoked_marks_nothing(a_program: APrograms) -> None:
    klass = await a_class()
    lena = await a_program(klass.learner)
    await database.write(sign_ins.sign_out_everywhere, klass.learner)

    refused = await lena.post(f'/progress/{klass.checkpoints[0]}/complete')

    assert refused.status_code == 401
    assert await progress_rows() == 0


async def test_a_hundred_programs_at_once_are_answered_each_with_its_own(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=4, learners=[f'Learner {number}' for number in range(25)])
    programs = [await a_program(who) for who in klass.learners]
    foreign = await a_course(title='Water')

    answers = await asyncio.gather(
        *(
            program.post(f'/progress/{checkpoint}/complete')
            for program in programs
            for checkpoint in (*klass.checkpoints, foreign.checkpoints[0])
        )
    )

    good = [each.json() for each in answers if each.status_code == 200]
    assert sorted({told['user_id'] for told in good}) == sorted(who.user_id for who in klass.learners)
    assert len(good) == 100
    assert [each.json()['error'] for each in answers if each.status_code != 200] == ['NotEnrolled'] * 25
    assert [await percent(klass, who) for who in klass.learners] == [100] * 25
    await assert_log_and_projections_agree()


async def test_a_mark_is_a_handful_of_statements(a_program: APrograms) -> None:
    klass = await a_class()
    lena = await a_program(klass.learner)

    with statements(database.engine()) as seen:
        await lena.post(f'/progress/{klass.checkpoints[0]}/complete', json={'session_id': klass.session_id})
    with statements(database.engine()) as alone:
        await lena.post(f'/progress/{klass.checkpoints[1]}/complete')

    assert len(seen) == EACH_TAP + TELLING - 1, '\n'.join(seen)
    assert len(alone) == EACH_TAP + TELLING, '\n'.join(alone)


async def completed_at(klass: ClassAtHand) -> object:
    def query(tx: Transaction) -> object:
        of_first = col(Progress.checkpoint_id) == klass.checkpoints[0]
        assert tx.execute(select(func.count()).where(col(Activity.verb) == Verb.COMPLETED)).scalar()
        return tx.execute(select(col(Progress.completed_at)).where(of_first)).scalar()

    return await database.read(query)
