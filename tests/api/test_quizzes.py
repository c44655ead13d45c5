"""Quizzes of programs: a teacher sets one up and grades it, a learner takes it, and the key stays where it belongs."""

import json
from typing import Any

import pytest

from models import CheckpointKind, Reveal
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.quizzes import regrading
from services.quizzes.quiz_settings import Band, Rules
from tests.api.conftest import APrograms
from tests.factories.classes import a_class, a_course
from tests.factories.people import an_instructor
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, WHY, QuizAtHand, a_quiz, begin, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('B1', 'Q1', 'Q2', 'Q3')]

CLAY: dict[str, Any] = {
    'kind': 'single_choice',
    'text': 'Which soil has the finest parts?',
    'points': 2.5,
    'tags': ['Soil'],
    'options': [
        {'text': 'Clay', 'credit': 10_000, 'feedback': 'QQ below 0.002 mm'},
        {'text': 'Sand', 'feedback': 'QQ the coarsest'},
    ],
    'feedback': 'QQ clay holds water',
}
PH: dict[str, Any] = {
    'kind': 'numeric',
    'text': 'Which pH is neutral?',
    'numbers': [{'value': '7,00', 'tolerance': '0.05', 'feedback': 'QQ neutral'}],
}
ESSAY: dict[str, Any] = {
    'kind': 'essay',
    'text': 'Why does sand dry out?',
    'points': 4,
    'graders_note': 'QQ large pores',
}
SECRETS = 'QQ', '"credit"', 'graders_note', '"solution":{', '"verdict":"'


async def test_a_quiz_is_made_taken_graded_and_read_by_programs(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena Learner'])
    ines, lena = await a_program(klass.teacher), await a_program(klass.learner)
    checkpoint = {'title': 'Soil quiz', 'kind': 'quiz'}
    quiz_id = (await ines.post(f'/courses/{klass.course_id}/checkpoints', json=checkpoint)).json()['checkpoint_id']
    made = [await ines.post(f'/courses/{klass.course_id}/questions', json=each) for each in (CLAY, PH, ESSAY)]
    assert [each.status_code for each in made] == [201] * 3, made[0].text
    ids = [each.json()['question_id'] for each in made]
    form = {'rules': {'minutes': 30, 'asks_confidence': True}, 'items': [{'question_id': id_} for id_ in ids]}
    here = f'/checkpoints/{quiz_id}'

    too_early = (await lena.get(f'{here}/quiz/offer')).json()
    assert too_early['problem'] == 'This quiz is not open yet. Your instructor opens it.'
    assert (await lena.post(f'{here}/attempts')).status_code == 409
    shown = (await ines.put(f'{here}/quiz', json=form)).json()
    assert [each['question_id'] for each in shown['items']] == ids
    assert (await ines.post(f'{here}/quiz/publish', json={'published': True})).json()['is_published']

    key = {'idempotency-key': 'a-quiz-begun-once'}
    begun, again = [await lena.post(f'{here}/attempts', headers=key) for _ in range(2)]
    attempt = begun.json()
    assert (begun.status_code, again.json()['attempt_id']) == (201, attempt['attempt_id'])
    mine = f'/attempts/{attempt["attempt_id"]}'
    clay = [{'chosen': [0], 'confidence': 4, 'seconds': 12}, {'text': '7,02'}, {'text': 'Because of large pores.'}]
    for position, answer in enumerate(clay):
        saved = await lena.put(f'{mine}/answers/{position}', json=answer)
        assert (saved.status_code, saved.json()['is_checked'], saved.json()['shown']) == (200, False, None), saved.text
    paper = (await lena.get(mine)).json()
    assert [each['asked']['read_as'] for each in paper['questions']] == [None, '7.02', None]
    submitted = (await lena.post(f'{mine}/submit')).json()
    assert (submitted['paper'], submitted['review']['is_graded']) == (None, False)
    assert [each['shown']['verdict'] for each in submitted['questions']] == ['right', 'right', 'waiting']

    (pile,) = (await ines.get(f'/courses/{klass.course_id}/grading')).json()
    assert (pile['waiting'], pile['question_id']) == (1, ids[2])
    (waits,) = (await ines.get(f'{here}/grading/{ids[2]}')).json()
    assert (waits['text'], waits['name'], waits['points']) == ('Because of large pores.', '', None)
    (named,) = (await ines.get(f'{here}/grading/{ids[2]}?names=true')).json()
    assert named['name'] == 'Lena Learner'
    grade = {'points': 3.5, 'remark': 'Which pores?', 'seen': waits['graded_at']}
    graded = await ines.put(f'{mine}/answers/2/grade', json=grade)
    assert (graded.json()['points_earned'], graded.json()['remark']) == (3.5, 'Which pores?'), graded.text
    assert (await ines.put(f'{mine}/feedback', json={'feedback': 'Go on.'})).status_code == 204
    review = (await lena.get(mine)).json()
    assert (review['review']['score'], review['review']['feedback']) == (93, 'Go on.')
    assert review['questions'][2]['shown']['remark'] == 'Which pores?'
    (result,) = (await ines.get(f'{here}/quiz/results')).json()['items']
    assert (result['name'], result['score'], result['answered']) == ('Lena Learner', 93, 3)
    analysis = (await ines.get(f'{here}/quiz/analysis')).json()
    assert analysis['questions'][0]['said'] == ['Too few attempts to say anything: 1 of 10.']
    assert (await ines.get(f'/questions/{ids[2]}/remarks')).json() == ['Which pores?']


async def test_a_question_is_found_changed_deleted_and_brought_back(a_program: APrograms) -> None:
    course = await a_course()
    ines = await a_program(course.teacher)
    bank, key = f'/courses/{course.course_id}/questions', {'idempotency-key': 'the-same-question'}
    made = [(await ines.post(bank, json=CLAY, headers=key)).json() for _ in range(2)]
    await ines.post(bank, json=PH)
    await ines.post(bank, json=ESSAY)
    one = f'/questions/{made[0]["question_id"]}'

    assert made[0] == made[1] == (await ines.get(one)).json()
    assert made[0]['content']['points'] == 2.5
    whole = (await ines.get(bank, params={'limit': 2})).json()
    rest = (await ines.get(bank, params={'limit': 2, 'cursor': whole['next']})).json()
    assert [each['kind'] for each in whole['items'] + rest['items']] == ['essay', 'numeric', 'single_choice']
    assert (whole['in_all'], whole['tags'], rest['next']) == (3, [{'tag': 'soil', 'questions': 1}], None)
    for found in {'tag': 'soil'}, {'words': 'FINEST soil'}:
        assert [each['question_id'] for each in (await ines.get(bank, params=found)).json()['items']] == [
            made[0]['question_id']
        ]
    changed = await ines.put(one, json={'question': CLAY | {'text': 'Which is finest?'}})
    assert (changed.json()['version'], changed.json()['content']['text']) == (2, 'Which is finest?')
    number = (await ines.get(f'/questions/{whole["items"][1]["question_id"]}')).json()['content']
    assert number['numbers'][0] | {'value': '7.00', 'tolerance': '0.05'} == number['numbers'][0]
    assert (await ines.put(f'/questions/{whole["items"][1]["question_id"]}', json={'question': number})).json()[
        'version'
    ] == 1
    assert (await ines.delete(one)).status_code == 204
    assert (await ines.get(one)).status_code == 404
    assert (await ines.post(f'{one}/restore')).status_code == 204
    assert (await ines.get(one)).json()['version'] == 2


@pytest.mark.parametrize(
    ('wrong', 'sentence'),
    [
        (CLAY | {'options': [{'text': 'Clay'}, {'text': 'Sand'}]}, 'Mark the option that is right.'),
        (PH | {'numbers': [{'value': 'NaN'}]}, 'This cannot be read as a number.'),
        (PH | {'numbers': [{'value': '7', 'tolerance': '-1'}]}, 'The tolerance must be 0 or more.'),
        (PH | {'numbers': [{'value': '1e999'}]}, 'This number is too large'),
        (CLAY | {'points': '2'}, 'points: Input should be a valid number'),
        (CLAY | {'points': 0.001}, 'The points must be above 0'),
        (CLAY | {'text': ' '}, 'Type what is asked.'),
        (CLAY | {'key': 'Clay'}, 'key: Extra inputs are not permitted'),
    ],
)
async def test_what_is_no_question_is_refused(a_program: APrograms, wrong: object, sentence: str) -> None:
    course = await a_course()
    ines = await a_program(course.teacher)

    refused = await ines.post(f'/courses/{course.course_id}/questions', json=wrong)

    assert (refused.status_code, refused.json()['error']) == (422, 'Invalid')
    assert refused.json()['detail'].startswith(sentence), refused.text


async def test_a_wrong_key_is_tried_changed_and_regraded(a_program: APrograms) -> None:
    quiz = await a_quiz(questions=(HOW_ACID, NAME_IT), rules=Rules(passing_percent=100))
    ines = await a_program(quiz.teacher)
    lena = await a_program(quiz.learner)
    attempt_id = await begin(quiz)
    for position, text in enumerate(['6', 'peat']):
        await lena.put(f'/attempts/{attempt_id}/answers/{position}', json={'text': text})
    await lena.post(f'/attempts/{attempt_id}/submit')
    acid, name = (f'/questions/{id_}' for id_ in quiz.question_ids)
    tried = {'question': PH | {'numbers': [{'value': '6'}]}, 'change': 'regrade'}

    dry = (await ines.post(f'{acid}/dry-run', json=tried)).json()
    assert (dry['attempts'], dry['up'], dry['moved'][0]['after']) == (1, 1, 50)
    assert (await lena.get(f'/attempts/{attempt_id}')).json()['review']['score'] == 0
    await ines.put(acid, json=tried | {'reason': 'The key was wrong.'})
    assert (await ines.get(f'{name}/wrong-answers')).json() == [{'text': 'peat', 'count': 1}]
    await ines.post(f'{name}/accept', json={'answer': 'peat'})
    while await database.write(regrading.regrade_some):
        pass
    assert (await lena.get(f'/attempts/{attempt_id}')).json()['review']['score'] == 100


async def test_an_answer_that_is_sent_again_counts_once_and_another_one_is_never_lost(a_program: APrograms) -> None:
    quiz = await a_quiz()
    lena, key = await a_program(quiz.learner), {'idempotency-key': 'one-key-for-everything'}
    begun = await lena.post(f'/checkpoints/{quiz.checkpoint_id}/attempts', headers=key)
    here = f'/attempts/{begun.json()["attempt_id"]}'
    first, again = [
        await lena.put(f'{here}/answers/0', json={'chosen': [1], 'seconds': 9}, headers=key) for _ in range(2)
    ]
    other = await lena.put(f'{here}/answers/0', json={'chosen': [0]}, headers=key)
    beside = await lena.put(f'{here}/answers/1', json={'text': '7'}, headers=key)

    assert first.json() == again.json()
    assert [each.status_code for each in (other, beside)] == [200, 200]
    answers = [each['asked']['answer'] for each in (await lena.get(here)).json()['questions']]
    assert (answers[0]['chosen'], answers[1]['text'], answers[2]) == ([0], '7', None)
    ines = await a_program(quiz.teacher)
    kept = (await ines.get(f'{here}/record')).json()['answers'][0]
    assert (kept['seconds'], kept['changes']) == (9, 1)
    await lena.put(f'{here}/answers/0', json={})
    assert (await lena.get(here)).json()['questions'][0]['asked']['answer'] is None

    await lena.post(f'{here}/submit')
    late = [await lena.put(f'{here}/answers/1', json={'text': '7'}, headers=each) for each in (key, {})]
    assert (late[0].json(), late[1].status_code) == (beside.json(), 410), 'what was saved stays saved'


async def test_nobody_overwrites_a_grade_that_they_have_not_seen(a_program: APrograms) -> None:
    quiz = await a_quiz(questions=(WHY,))
    lena, ines = await a_program(quiz.learner), await a_program(quiz.teacher)
    attempt_id = await begin(quiz)
    await lena.put(f'/attempts/{attempt_id}/answers/0', json={'text': 'Large pores.'})
    assert (await ines.put(f'/attempts/{attempt_id}/answers/0/grade', json={'points': 1})).status_code == 404
    await lena.post(f'/attempts/{attempt_id}/submit')
    helper = await an_instructor(email='helper@example.org')
    await ines.post(f'/courses/{quiz.klass.course_id}/co-instructors', json={'email': 'helper@example.org'})
    otto, grade = await a_program(helper), f'/attempts/{attempt_id}/answers/0/grade'
    assert (await ines.put(grade, json={'points': 4})).status_code == 200
    late = await otto.put(grade, json={'points': 1})
    assert (late.status_code, 'has graded this answer meanwhile: 4 points' in late.json()['detail']) == (409, True)
    for wrong in 4.01, -1, 'many':
        assert (await ines.put(grade, json={'points': wrong})).status_code == 422
    assert (await lena.put(grade, json={'points': 4})).status_code == 404
    assert (await lena.get(f'/attempts/{attempt_id}/record')).status_code == 404


async def test_other_limits_are_agreed_with_one_learner(a_program: APrograms) -> None:
    quiz = await a_quiz(rules=Rules(minutes=10, attempts_allowed=1))
    lena, ines = await a_program(quiz.learner), await a_program(quiz.teacher)
    here = f'/attempts/{await take(quiz)}'
    assert (await lena.post(f'/checkpoints/{quiz.checkpoint_id}/attempts')).status_code == 409
    assert (await lena.get(here)).json()['attempts_left'] == 0
    limits = f'/checkpoints/{quiz.checkpoint_id}/quiz/limits/{quiz.learner.user_id}'
    assert (await ines.put(limits, json={'attempts_allowed': 2, 'minutes': 20})).status_code == 204
    offer = (await lena.get(f'/checkpoints/{quiz.checkpoint_id}/quiz/offer')).json()
    assert (offer['attempts_left'], offer['minutes'], offer['rules']['minutes']) == (1, 20, 10)
    begun = (await lena.post(f'/checkpoints/{quiz.checkpoint_id}/attempts')).json()
    assert (begun['attempts_left'], (await lena.get(here)).json()['attempts_left']) == (0, 0)


async def test_questions_one_at_a_time(a_program: APrograms) -> None:
    quiz = await a_quiz(rules=Rules(one_at_a_time=True, may_go_back=False))
    lena, here = await a_program(quiz.learner), f'/attempts/{await begin(quiz)}'
    assert (await lena.put(f'{here}/place', json={'position': 1, 'seconds': 4})).status_code == 204
    assert (await lena.get(here)).json()['paper']['place'] == 1
    back = await lena.put(f'{here}/answers/0', json={'chosen': [0]})
    assert (back.status_code, back.json()['error']) == (409, 'Refused')


@pytest.mark.req('Q1')
async def test_practice_goes_to_the_question_that_fits(a_program: APrograms) -> None:
    quiz = await a_quiz(questions=[FINEST, FINEST], rules=Rules(is_adaptive=True, shows_right=Reveal.AFTER_ANSWER))
    lena = await a_program(quiz.learner)
    begun = (await lena.post(f'/checkpoints/{quiz.checkpoint_id}/attempts')).json()
    here, place = f'/attempts/{begun["attempt_id"]}', begun['paper']['place']
    await lena.put(f'{here}/answers/{place}', json={'chosen': [0]})
    found = (await lena.post(f'{here}/next')).json()
    assert (found['place'], found['why']) == (1 - place, 'This one is about as hard as the last one.')
    await lena.put(f'{here}/answers/{1 - place}', json={'chosen': [0]})
    assert (await lena.post(f'{here}/next')).json() == {'place': None, 'why': None}


# --------------------------------------------------------------------------------------------- the key stays inside

KEPT_BACK = Rules(
    shows_score=Reveal.NEVER,
    shows_right=Reveal.NEVER,
    shows_solution=Reveal.NEVER,
    shows_feedback=Reveal.NEVER,
    bands=(Band(from_percent=0, text='QQ a band'),),
)


@pytest.mark.req('Q8')
async def test_no_key_is_in_anything_that_a_learner_gets(a_program: APrograms) -> None:
    quiz = await _a_planted_quiz(a_program, KEPT_BACK)
    said = await _all_that_is_answered(a_program, quiz)

    assert len(said) > 15
    for address, text in said.items():
        assert not [secret for secret in SECRETS if secret in text], (address, text)
    seen = json.loads(said[f'GET /attempts/{max(said["ids"].split())} after'])
    assert (seen['review']['score'], seen['review']['band'], seen['review']['earned']) == (None, None, None)


@pytest.mark.req('Q8')
async def test_what_may_be_seen_at_once_is_seen_at_once_and_no_more(a_program: APrograms) -> None:
    quiz = await _a_planted_quiz(a_program, Rules(shows_right=Reveal.AFTER_ANSWER, shows_feedback=Reveal.NEVER))
    lena, here = await a_program(quiz.learner), f'/attempts/{await begin(quiz)}'
    saved = (await lena.put(f'{here}/answers/0', json={'chosen': [1]})).json()

    nothing = {'points': None, 'solution': None, 'feedback': None, 'remark': None, 'marks': []}
    assert saved['shown'] == {'verdict': 'wrong', **nothing}
    paper = (await lena.get(here)).json()
    assert [each['shown'] and each['shown']['verdict'] for each in paper['questions']] == ['wrong', None, None]
    assert (await lena.put(f'{here}/answers/0', json={'chosen': [0]})).status_code == 409


async def _a_planted_quiz(a_program: APrograms, rules: Rules) -> QuizAtHand:
    quiz = await a_quiz(questions=(FINEST,), rules=rules)
    ines = await a_program(quiz.teacher)
    made = [
        (await ines.post(f'/courses/{quiz.klass.course_id}/questions', json=each)).json() for each in (CLAY, PH, ESSAY)
    ]
    form = (await ines.get(f'/checkpoints/{quiz.checkpoint_id}/quiz')).json()['rules']
    items = [{'question_id': each['question_id']} for each in made]
    assert (
        await ines.put(f'/checkpoints/{quiz.checkpoint_id}/quiz', json={'rules': form, 'items': items})
    ).status_code == 200
    return quiz


async def _all_that_is_answered(a_program: APrograms, quiz: QuizAtHand) -> dict[str, str]:
    """What a learner's program is answered at every address of quizzes, before, during and after an attempt."""
    lena, said = await a_program(quiz.learner), {}
    here, course = f'/checkpoints/{quiz.checkpoint_id}', f'/courses/{quiz.klass.course_id}'

    async def ask(method: str, address: str, moment: str, body: object = None) -> str:
        said[f'{method} {address} {moment}'] = (await lena.request(method, address, json=body)).text
        return said[f'{method} {address} {moment}']

    await ask('GET', f'{here}/quiz/offer', 'before')
    attempt_id = json.loads(await ask('POST', f'{here}/attempts', 'before'))['attempt_id']
    mine = f'/attempts/{attempt_id}'
    for position, answer in enumerate([{'chosen': [1]}, {'text': '5'}, {'text': 'So.'}]):
        await ask('PUT', f'{mine}/answers/{position}', 'during', answer)
    await ask('GET', mine, 'during')
    await ask('POST', f'{mine}/submit', 'during')
    for moment in 'after', 'graded':
        reads = [mine, f'{here}/quiz/offer', here, f'{here}/content', f'{course}/checkpoints', f'{course}/path']
        for address in [*reads, f'{course}/questions', f'{here}/quiz', f'{here}/quiz/results', f'{mine}/record']:
            await ask('GET', address, moment)
        grade = {'points': 1, 'remark': 'QQ which pores?'}
        graded = await (await a_program(quiz.teacher)).put(f'{mine}/answers/2/grade', json=grade)
        assert graded.status_code == 200
    return said | {'ids': str(attempt_id)}


async def test_a_checkpoint_that_is_no_quiz_has_no_quiz(a_program: APrograms) -> None:
    klass = await a_class(checkpoints=1)
    ines, lena = await a_program(klass.teacher), await a_program(klass.learner)
    for who, method, address in (
        (ines, 'GET', 'quiz'),
        (lena, 'GET', 'quiz/offer'),
        (lena, 'POST', 'attempts'),
    ):
        answer = await who.request(method, f'/checkpoints/{klass.checkpoints[0]}/{address}')
        assert (answer.status_code, answer.json()['detail']) == (404, 'This step is not a quiz.')
    details = Details(title='Unset', kind=CheckpointKind.QUIZ)
    unset = await database.write(checkpoints.add_one, klass.teacher, klass.course_id, details=details)
    assert (await ines.get(f'/checkpoints/{unset}/quiz')).json()['items'] == []


@pytest.mark.req('Q6', 'Q8')
async def test_a_score_that_a_quiz_keeps_back_is_not_told_of_the_checkpoint_either(a_program: APrograms) -> None:
    quiz = await a_quiz(rules=Rules(shows_score=Reveal.NEVER))
    await take(quiz)
    path = f'/progress/student/{quiz.learner.user_id}/concept/{quiz.checkpoint_id}'

    own, taught = [(await (await a_program(who)).get(path)).json() for who in (quiz.learner, quiz.teacher)]

    assert (own['best_score'], own['mastered_at'], own['state']) == (None, None, 'completed')
    assert (taught['best_score'], bool(taught['mastered_at'])) == (100, True)
