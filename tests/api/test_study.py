"""Programs of learners: sessions and their time, what is told of videos and documents, and a course as they find it."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from models import Verb
from services.access import Actor
from services.accounts import sign_ins
from services.core import clock, database
from services.people import participants
from tests.api.conftest import APrograms, Program
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree, mark
from tests.factories.documents import a_pdf, a_text
from tests.factories.people import a_guest, a_student, an_instructor, another_device
from tests.factories.study import a_morning, arrive, beat
from tests.factories.videos import a_video, logged

pytestmark = pytest.mark.req('B1', 'S5', 'S7')


@pytest.fixture(autouse=True)
def _in_the_morning() -> Iterator[None]:
    """So that a story which takes some hours is over before midnight."""
    with time_machine.travel(a_morning()):
        yield


@pytest.fixture
async def course(db: object) -> CourseAtHand:
    """A course with a video of a hundred seconds, a text, a PDF of three pages, and a task."""
    made = await a_course(checkpoints=4)
    await a_video(made, made.checkpoints[0])
    await a_text(made, made.checkpoints[1])
    await a_pdf(made, made.checkpoints[2])
    return made


async def standing(program: Program, learner: Actor, checkpoint: int) -> dict[str, Any]:
    answer: dict[str, Any] = (await program.get(f'/progress/student/{learner.user_id}/concept/{checkpoint}')).json()
    return answer


async def tell(program: Program, checkpoint: int, interaction: str, **told: object) -> dict[str, Any]:
    answer = await program.post(
        '/study/progress', json={'checkpoint_id': checkpoint, 'interaction_type': interaction, **told}
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_session_begins_goes_on_and_ends_as_on_a_page(course: CourseAtHand, a_program: APrograms) -> None:
    lena = await a_program(await a_guest(code=course.code))
    with time_machine.travel(clock.now(), tick=False) as time:
        begun = await lena.post(f'/courses/{course.course_id}/study')
        time.shift(60)
        still = await lena.post('/study/beat', json={'checkpoint_id': course.checkpoints[0]})
        moved = await lena.post('/study/sessions', json={'checkpoint_id': course.checkpoints[3]})
        time.shift(30)
        ended = await lena.post('/study/sessions/end', json={'course_id': course.course_id})
        again = await lena.post('/study/sessions/end', json={'course_id': course.course_id})
        study = (await lena.get(f'/courses/{course.course_id}/time')).json()
        sessions = (await lena.get(f'/courses/{course.course_id}/time/sessions')).json()

    assert (begun.status_code, begun.json()['checkpoint_id']) == (201, course.checkpoints[0])
    assert (still.status_code, still.json()['active_seconds']) == (200, 60)
    assert (moved.json()['session_id'], moved.json()['pages_viewed']) == (begun.json()['session_id'], 2)
    assert ended.status_code == again.status_code == 204
    assert (study['seconds'], [checkpoint['seconds'] for checkpoint in study['steps']]) == (60, [60, 0, 0, 0])
    (session,) = sessions['items']
    assert (session['device'], session['ended_by'], session['active_seconds']) == ('A script', 'left', 60)
    started = {entry.checkpoint_id for entry in await logged(Verb.STARTED)}
    assert started == {course.checkpoints[0], course.checkpoints[3]}
    await assert_log_and_projections_agree()


async def test_a_program_and_a_browser_never_count_the_same_second(course: CourseAtHand, a_program: APrograms) -> None:
    phone = await a_guest(code=course.code)
    lena = await a_program(phone)
    with time_machine.travel(clock.now(), tick=False) as time:
        await arrive(phone, course.checkpoints[3])
        await lena.post('/study/sessions', json={'checkpoint_id': course.checkpoints[0]})
        for _ in range(6):
            time.shift(10)
            await beat(phone, course.checkpoints[3])
            await lena.post('/study/beat', json={'checkpoint_id': course.checkpoints[0]})

    study = (await lena.get(f'/courses/{course.course_id}/time')).json()
    sessions = (await lena.get(f'/courses/{course.course_id}/time/sessions')).json()['items']
    assert study['seconds'] == sum(each['active_seconds'] for each in sessions) == 60
    assert len(sessions) == 2


async def test_signing_out_ends_the_session_of_a_program(course: CourseAtHand, a_program: APrograms) -> None:
    phone = await a_guest(code=course.code)
    lena = await a_program(phone)
    await lena.post('/study/sessions', json={'checkpoint_id': course.checkpoints[3]})

    await lena.post('/auth/logout')

    other = await a_program(phone)
    (session,) = (await other.get(f'/courses/{course.course_id}/time/sessions')).json()['items']
    assert session['ended_by'] == 'signed_out'


async def test_a_request_that_is_sent_again_views_nothing_twice(course: CourseAtHand, a_program: APrograms) -> None:
    learner = await a_guest(code=course.code)
    lena = await a_program(learner)
    key = {'idempotency-key': 'the-same-request-again'}
    body = {'checkpoint_id': course.checkpoints[0], 'interaction_type': 'view'}

    first = await lena.post('/study/progress', json=body, headers=key)
    again = await lena.post('/study/progress', json=body, headers=key)

    assert first.json() == again.json()
    assert (await standing(lena, learner, course.checkpoints[0]))['content']['views'] == 1


async def test_a_video_completes_when_enough_of_it_was_seen(course: CourseAtHand, a_program: APrograms) -> None:
    learner, video = await a_guest(code=course.code), course.checkpoints[0]
    lena = await a_program(learner)
    with time_machine.travel(clock.now(), tick=False) as time:
        await tell(lena, video, 'view')
        await tell(lena, video, 'play')
        time.shift(30)
        await tell(lena, video, 'progress', position=30, watched=[[0, 30]])
        time.shift(30)
        paused = await tell(lena, video, 'pause', position=60, watched=[[30, 60]])
        await tell(lena, video, 'seek', position=65)
        time.shift(27)
        done = await tell(lena, video, 'progress', position=92, watched=[[65, 92]])
        time.shift(5)
        back = await tell(lena, video, 'progress', position=65, watched=[[60, 65]])
        ended = await tell(lena, video, 'complete')

    assert (paused['percent'], paused['position'], paused['is_complete']) == (60, 60, False)
    assert (done['percent'], done['seen'], done['is_complete']) == (87, [[0, 60], [65, 92]], False)
    assert (back['percent'], back['seen'], back['is_complete']) == (92, [[0, 92]], True)
    assert ended['position'] == 0, 'who was at the end begins anew'
    told = await standing(lena, learner, video)
    counted = {name: told['content'][name] for name in ('views', 'plays', 'pauses', 'seeks')}
    assert counted == {'views': 1, 'plays': 1, 'pauses': 1, 'seeks': 1}
    assert (told['state'], told['study_seconds']) == ('completed', 92)
    path = (await lena.get(f'/courses/{course.course_id}/path')).json()
    assert path['modules'][0]['steps'][0]['done_alone']
    assert (path['place']['percent'], path['continue_at']) == (25, course.checkpoints[1])
    await assert_log_and_projections_agree()


async def test_nobody_sees_a_long_video_in_a_second(course: CourseAtHand, a_program: APrograms) -> None:
    await a_video(course, course.checkpoints[3], seconds=600.0)
    actor, video = await a_guest(code=course.code), course.checkpoints[3]
    lena, other = await a_program(actor), await a_program(await another_device(of=actor))
    with time_machine.travel(clock.now(), tick=False) as time:
        at_once = await tell(lena, video, 'progress', watched=[[0, 600]])
        time.shift(1)
        many = [await tell(program, video, 'progress', watched=[[0, 600]]) for program in (lena, other) * 20]
        time.shift(800)
        late = await tell(lena, video, 'progress', watched=[[0, 600]])

    assert (at_once['seen'], at_once['too_early']) == ([[0, 10]], 590)
    assert many[-1]['seen'] == [[0, 10]], 'the second is spent once, on what is there first'
    assert late['percent'] == 40, 'two minutes are believed, at twice the speed, however long somebody was away'
    assert not any(answer['is_complete'] for answer in [at_once, *many, late])


async def test_what_was_told_too_early_can_be_told_again(course: CourseAtHand, a_program: APrograms) -> None:
    lena, video = await a_program(await a_guest(code=course.code)), course.checkpoints[0]
    with time_machine.travel(clock.now(), tick=False) as time:
        await tell(lena, video, 'play')
        time.shift(5)
        early = await tell(lena, video, 'progress', watched=[[0, 20], [50, 60]])
        time.shift(10)
        later = await tell(lena, video, 'progress', watched=[[50, 60]])

    assert (early['seen'], early['too_early']) == ([[0, 20]], 10)
    assert (later['seen'], later['too_early']) == ([[0, 20], [50, 60]], 0)


@pytest.mark.parametrize(
    'told',
    [
        {'position': 'NaN'},
        {'position': 1e400},
        {'position': -1},
        {'position': 102},
        {'watched': [[0, 102]]},
        {'watched': [[5, 1]]},
        {'watched': [[-1, 5]]},
        {'watched': [[0, 'Infinity']]},
        {'watched': [[0]]},
        {'watched': [[0, 1, 2]]},
        {'watched': [[0, 1]] * 101},
        {'read': [1]},
        {'interaction_type': 'download'},
        {'interaction_type': 'dance'},
        {'checkpoint_id': 2**31},
        {'checkpoint_id': None},
        {'percentage': 100},
    ],
)
async def test_what_cannot_be_so_is_refused_and_changes_nothing(
    course: CourseAtHand, a_program: APrograms, told: dict[str, object]
) -> None:
    learner, video = await a_guest(code=course.code), course.checkpoints[0]
    lena = await a_program(learner)
    body = {'checkpoint_id': video, 'interaction_type': 'progress'} | told
    # as JSON of Python's own, which knows numbers that are none
    text = str(body).replace("'NaN'", 'NaN').replace("'Infinity'", 'Infinity').replace('inf', 'Infinity')
    sent = text.replace("'", '"').replace('None', 'null')

    answer = await lena.post('/study/progress', content=sent, headers={'content-type': 'application/json'})

    assert answer.status_code == 422, answer.text
    assert answer.json()['detail']
    found = await standing(lena, learner, video)
    assert (found['content'], found['state'], found['self_paced']) == (None, 'not_started', None)
    assert (await lena.get(f'/courses/{course.course_id}/time/sessions')).json()['items'] == []


async def test_a_text_is_read_passage_by_passage(course: CourseAtHand, a_program: APrograms) -> None:
    lena, text = await a_program(await a_guest(code=course.code)), course.checkpoints[1]
    content = (await lena.get(f'/checkpoints/{text}/content')).json()
    passages = content['passages']
    with time_machine.travel(clock.now(), tick=False) as time:
        await tell(lena, text, 'view')
        leafed = await tell(lena, text, 'progress', position=1, read=[each['number'] for each in passages])
        for each in passages:
            time.shift(each['seconds'] + 0.01)
            last = await tell(lena, text, 'progress', position=each['start'], read=[each['number']])

    assert (leafed['percent'], leafed['too_early']) == (0, len(passages))
    assert (last['percent'], last['is_complete'], last['too_early']) == (100, True, 0)
    assert last['position'] == 0, 'who has seen all of it begins anew'
    await assert_log_and_projections_agree()


async def test_a_pdf_is_read_page_by_page_and_can_be_left_anywhere(course: CourseAtHand, a_program: APrograms) -> None:
    learner, pdf = await a_guest(code=course.code), course.checkpoints[2]
    lena = await a_program(learner)
    with time_machine.travel(clock.now(), tick=False) as time:
        await tell(lena, pdf, 'view')
        time.shift(5)
        two = await tell(lena, pdf, 'progress', position=1, read=[1, 2, 2])
        await tell(lena, pdf, 'download')
        outside = await lena.post(
            '/study/progress', json={'checkpoint_id': pdf, 'interaction_type': 'progress', 'read': [4]}
        )
        playing = await lena.post('/study/progress', json={'checkpoint_id': pdf, 'interaction_type': 'play'})

    assert (two['percent'], two['position'], two['seen']) == (66, 1, [[0, 2]])
    assert outside.status_code == playing.status_code == 422
    told = (await standing(lena, learner, pdf))['content']
    assert (told['downloads'], told['views'], told['furthest']) == (1, 1, 2)
    assert (await lena.get(f'/checkpoints/{pdf}/content')).json()['position'] == 1


async def test_of_another_file_nothing_is_counted(course: CourseAtHand, a_program: APrograms) -> None:
    lena, video = await a_program(await a_guest(code=course.code)), course.checkpoints[0]
    shown = (await lena.get(f'/checkpoints/{video}/content')).json()['file']['file_id']
    await a_video(course, video, seconds=50.0)

    told = await tell(lena, video, 'progress', watched=[[0, 1]], file_id=shown)

    assert (told['is_replaced'], told['percent']) == (True, 0)


async def test_a_task_has_nothing_to_watch_and_a_preview_never_counts(
    course: CourseAtHand, a_program: APrograms
) -> None:
    lena = await a_program(await a_guest(code=course.code))
    await a_text(course, course.checkpoints[1], is_preview=True)

    task = await lena.post('/study/progress', json={'checkpoint_id': course.checkpoints[3], 'interaction_type': 'view'})
    preview = await lena.post(
        '/study/progress', json={'checkpoint_id': course.checkpoints[1], 'interaction_type': 'view'}
    )

    assert (task.status_code, preview.status_code) == (404, 409)


async def test_only_who_learns_there_studies_there(course: CourseAtHand, a_program: APrograms) -> None:
    gone = await a_guest(code=course.code)
    away = {'user_id': gone.user_id}
    await database.write(participants.remove, course.teacher, course.course_id, **away)
    told = {'checkpoint_id': course.checkpoints[0], 'interaction_type': 'view'}
    found = {}

    for who, actor in {'teacher': course.teacher, 'elsewhere': await a_student(), 'removed': gone}.items():
        program = await a_program(actor)
        answers = [
            await program.post('/study/sessions', json={'checkpoint_id': course.checkpoints[0]}),
            await program.post('/study/beat', json={'checkpoint_id': course.checkpoints[0]}),
            await program.post('/study/progress', json=told),
        ]
        found[who] = {answer.status_code for answer in answers}

    assert found == {'teacher': {403}, 'elsewhere': {404}, 'removed': {404}}


async def test_those_who_teach_see_the_time_and_the_progress_of_their_learners(
    course: CourseAtHand, a_program: APrograms
) -> None:
    learner = await a_guest(code=course.code, name='Lena')
    lena, ines = await a_program(learner), await a_program(course.teacher)
    with time_machine.travel(clock.now(), tick=False) as time:
        await tell(lena, course.checkpoints[0], 'view')
        time.shift(20)
        await tell(lena, course.checkpoints[0], 'progress', watched=[[0, 20]])

    theirs = f'/courses/{course.course_id}/people/{learner.user_id}/time'
    study, sessions = await ines.get(theirs), await ines.get(f'{theirs}/sessions')
    progress = await standing(ines, learner, course.checkpoints[0])

    assert (study.json()['learner'], study.json()['seconds']) == ('Lena', 20)
    assert [each['active_seconds'] for each in sessions.json()['items']] == [20]
    assert (progress['percent'], progress['study_seconds']) == (20, 20)
    for nosy in await a_program(await an_instructor()), await a_program(await a_guest(code=course.code)):
        for address in theirs, f'{theirs}/sessions':
            assert (await nosy.get(address)).status_code == 404
    nobody = f'/courses/{course.course_id}/people/{course.teacher.user_id}/time'
    assert (await ines.get(nobody)).status_code == 404


@pytest.mark.req('S4', 'S11', 'S12')
async def test_a_course_is_found_as_it_stands(course: CourseAtHand, a_program: APrograms) -> None:
    learner = await a_guest(code=course.code)
    lena, ines = await a_program(learner), await a_program(course.teacher)
    await mark(course.checkpoints[0], by=learner)

    before = (await lena.get(f'/courses/{course.course_id}/path')).json()
    paused = await lena.post(f'/courses/{course.course_id}/pause')
    hidden = await lena.put(f'/courses/{course.course_id}/live/hidden', json={'hidden': True})
    after = (await lena.get(f'/courses/{course.course_id}/path')).json()
    resumed = await lena.post(f'/courses/{course.course_id}/resume')
    looked = (await ines.get(f'/courses/{course.course_id}/path')).json()

    assert [checkpoint['done_alone'] for checkpoint in before['modules'][0]['steps']] == [True, False, False, False]
    assert [checkpoint['kind'] for checkpoint in before['modules'][0]['steps']] == [
        'video',
        'document',
        'document',
        'marker',
    ]
    assert (before['place']['state'], before['continue_at']) == ('in_progress', course.checkpoints[1])
    assert before['place']['why'][0] == '1 of 4 steps done: 1 × 100 ÷ 4 = 25 %.'
    assert paused.status_code == hidden.status_code == resumed.status_code == 204
    assert (after['place']['state'], after['place']['is_hidden']) == ('paused', True)
    assert (looked['place'], looked['continue_at'], looked['counted']) == (None, course.checkpoints[0], 4)
    for refused in (
        await ines.post(f'/courses/{course.course_id}/pause'),
        await ines.put(f'/courses/{course.course_id}/live/hidden', json={'hidden': True}),
        await ines.get(f'/courses/{course.course_id}/time'),
    ):
        assert refused.status_code == 403


async def test_the_sessions_come_in_pages(course: CourseAtHand, a_program: APrograms) -> None:
    phone = await a_guest(code=course.code)
    lena = await a_program(phone)
    for _ in range(3):
        device = await another_device(of=phone)
        await arrive(device, course.checkpoints[3])
        await database.write(sign_ins.sign_out, device)

    first = (await lena.get(f'/courses/{course.course_id}/time/sessions', params={'limit': 2})).json()
    rest = (await lena.get(f'/courses/{course.course_id}/time/sessions', params={'cursor': first['next']})).json()

    ids = [each['session_id'] for each in [*first['items'], *rest['items']]]
    assert ids == sorted(set(ids))
    assert (len(ids), rest['next']) == (3, None)
