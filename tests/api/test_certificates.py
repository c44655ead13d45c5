"""Certificates over the API: one's own, whether one holds, issued again, taken back, and what keeps them from print."""

from pathlib import Path

import jwt
import pytest

from services.certificates import render_queue
from tests.api.conftest import APrograms, Program
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_guest, a_student, an_admin, an_instructor
from tests.support.certificates import a_typesetter

pytestmark = pytest.mark.req('B1', 'S10')

KEY = {'idempotency-key': 'the-same-request-again'}


@pytest.fixture
async def course(db: object, data_dir: Path) -> CourseAtHand:
    return await a_course(checkpoints=1)


async def test_whoever_completes_a_course_has_a_certificate_that_anybody_can_check(
    course: CourseAtHand, a_program: APrograms, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_typesetter(monkeypatch, fails=0)
    learner = await a_guest(code=course.code, name='Lena Brandt')
    lena = await a_program(learner)
    assert (await lena.get('/certificates')).json() == []
    await mark(course.checkpoints[0], by=learner)

    (own,) = (await lena.get('/certificates')).json()
    checked = await program.get(f'/certificates/{own["serial"].lower().replace("-", " ")}')
    pdf = await program.get(f'/certificates/{own["serial"]}/pdf')
    credential = (await program.get(f'/certificates/{own["serial"]}/credential')).json()

    assert (own['course_title'], own['is_printed']) == ('Soil', False)
    verified = {name: checked.json()[name] for name in ('serial', 'standing', 'name', 'course_title')}
    assert verified == {
        'serial': own['serial'],
        'standing': 'valid',
        'name': 'Lena Brandt',
        'course_title': 'Soil',
    }
    assert 'email' not in checked.text
    assert (pdf.status_code, pdf.headers['content-type'], pdf.content[:5]) == (200, 'application/pdf', b'%PDF-')
    assert (await lena.get('/certificates')).json()[0]['is_printed']
    (token,) = credential['compactJwsString']
    assert 'OpenBadgeCredential' in jwt.decode(token, options={'verify_signature': False})['type']


async def test_a_certificate_is_issued_again_and_taken_back_by_those_who_teach(
    course: CourseAtHand, a_program: APrograms, program: Program
) -> None:
    learner = await a_guest(code=course.code, name='Lena')
    lena, ines = await a_program(learner), await a_program(course.teacher)
    theirs = f'/courses/{course.course_id}/certificates'
    again = {'user_id': learner.user_id, 'name': 'Lena Brandt'}
    too_early = await ines.post(theirs, json=again)
    await mark(course.checkpoints[0], by=learner)
    (first,) = (await lena.get('/certificates')).json()

    issued, repeated = [await ines.post(theirs, json=again, headers=KEY) for _ in range(2)]
    (holder,) = (await ines.get(theirs)).json()['items']
    replaced = (await program.get(f'/certificates/{first["serial"]}')).json()
    gone = await ines.delete(f'{theirs}/{learner.user_id}')
    twice = await ines.delete(f'{theirs}/{learner.user_id}')
    revoked = (await program.get(f'/certificates/{issued.json()["serial"]}')).json()

    assert (too_early.status_code, issued.status_code, issued.json()) == (409, 201, repeated.json())
    assert holder == {'user_id': learner.user_id, 'name': 'Lena Brandt', 'serial': issued.json()['serial']}
    assert (replaced['standing'], replaced['name'], replaced['course_title']) == ('replaced', None, None)
    assert (gone.status_code, twice.status_code, revoked['standing'], revoked['name']) == (204, 409, 'revoked', None)
    for part in 'pdf', 'credential':
        assert (await program.get(f'/certificates/{issued.json()["serial"]}/{part}')).status_code == 410
    assert (await ines.get(theirs)).json()['items'][0]['serial'] is None
    assert (await lena.get('/certificates')).json() == []


async def test_nobody_else_issues_or_takes_back(course: CourseAtHand, a_program: APrograms) -> None:
    learner = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=learner)
    theirs = f'/courses/{course.course_id}/certificates'
    again = {'user_id': learner.user_id, 'name': 'Me'}

    for actor in learner, await a_student(), await an_instructor():
        nosy = await a_program(actor)
        answers = [
            await nosy.get(theirs),
            await nosy.post(theirs, json=again),
            await nosy.delete(f'{theirs}/{learner.user_id}'),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
    ines = await a_program(course.teacher)
    assert (await ines.post(theirs, json=again | {'user_id': 999_999})).status_code == 404
    for name in '', '  ', 'x' * 201:
        assert (await ines.post(theirs, json=again | {'name': name})).status_code == 422, name


async def test_guessing_serials_is_slowed_down(program: Program) -> None:
    for serial in 'AAAA-BBBB-CCCC-DDDD', 'short', '%00', 'ключ', 'AAAA-BBBB-CCCC-DDDE':
        assert (await program.get(f'/certificates/{serial}')).status_code == 404, serial

    slowed = await program.get('/certificates/AAAA-BBBB-CCCC-DDDF/credential')

    assert slowed.status_code == 429
    assert int(slowed.headers['retry-after']) >= 1


@pytest.mark.both_databases
async def test_who_runs_the_school_sees_what_is_not_printed_and_lets_it_be_tried_again(
    course: CourseAtHand, a_program: APrograms, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_typesetter(monkeypatch, fails=1, reason='No ink.')
    learner = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=learner)
    await render_queue.print_due()
    ada, lena = await a_program(await an_admin()), await a_program(learner)
    (own,) = (await lena.get('/certificates')).json()

    waiting = await program.get(f'/certificates/{own["serial"]}/pdf')
    (trouble,) = (await ada.get('/certificates/troubles')).json()
    again = await ada.post('/certificates/troubles/try-again')
    await render_queue.print_due()

    assert (waiting.status_code, int(waiting.headers['retry-after']) >= 1) == (503, True)
    assert (trouble['reason'], trouble['count']) == ('No ink.', 1)
    assert again.json() == {'count': 1}
    assert (await ada.get('/certificates/troubles')).json() == []
    assert (await program.get(f'/certificates/{own["serial"]}/pdf')).status_code == 200
    for nosy in lena, await a_program(course.teacher):
        assert (await nosy.get('/certificates/troubles')).status_code == 404
        assert (await nosy.post('/certificates/troubles/try-again')).status_code == 404
