"""Practice that adapts asks what is neither too easy nor too hard, says why, and nothing twice before all was asked."""

from dataclasses import replace
from uuid import uuid4

import pytest

from models import Reveal
from services.core import database
from services.core.errors import NotFound, Refused
from services.core.phrases import Phrase
from services.quizzes import adapting, circumstances, closing, review, skills
from services.quizzes.quiz_settings import Fixed, Rules
from tests.factories.classes import assert_log_and_projections_agree
from tests.factories.quizzes import FINEST, RIGHT, WRONG, QuizAtHand, a_quiz, begin, give, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q1', 'Q6'), pytest.mark.both_databases]

ADAPTIVE = Rules(is_adaptive=True, may_go_back=False, shows_right=Reveal.AFTER_ANSWER)
QUESTIONS = [replace(FINEST, text=f'Which is finest, {number}?') for number in range(6)]


async def a_practice(rules: Rules = ADAPTIVE) -> QuizAtHand:
    """A practice of six questions: others got the first always wrong, the last always right."""
    others = [f'Other {number}' for number in range(6)]
    first = await a_quiz(questions=QUESTIONS, learners=['Lena', *others])
    for number, who in enumerate(first.klass.learners[1:]):
        await take(first, [RIGHT[0] if number < place else WRONG[0] for place in range(6)], by=who)
    items = [Fixed(question_id=each) for each in first.question_ids]
    return await a_quiz(klass=first.klass, questions=[], rules=rules, items=items)


async def start(quiz: QuizAtHand) -> int:
    attempt_id = await database.write(circumstances.begin, quiz.learner, quiz.checkpoint_id, tap_id=uuid4().hex)
    await go_on(quiz, attempt_id)
    return attempt_id


async def place(quiz: QuizAtHand, attempt_id: int) -> int:
    paper, _ = await database.read(review.going_on, quiz.learner, attempt_id)
    return paper.place


async def why(quiz: QuizAtHand, attempt_id: int) -> Phrase:
    return await database.read(adapting.why, quiz.learner, attempt_id)


async def go_on(quiz: QuizAtHand, attempt_id: int) -> bool:
    return await adapting.go_on(quiz.learner, attempt_id)


async def test_right_answers_lead_to_harder_questions_and_wrong_ones_to_easier_ones() -> None:
    quiz = await a_practice()
    ways = {}
    for name, answer in (('right', RIGHT[0]), ('wrong', WRONG[0])):
        attempt_id = await start(quiz)
        places, reasons = [await place(quiz, attempt_id)], [(await why(quiz, attempt_id)).one]
        await give(quiz, attempt_id, places[0], answer)
        while await go_on(quiz, attempt_id):
            places.append(await place(quiz, attempt_id))
            reasons.append((await why(quiz, attempt_id)).one)
            await give(quiz, attempt_id, places[-1], answer)
        assert sorted(places) == list(range(6)), 'each question once, until all were asked'
        ways[name] = places[1] - places[0], reasons[1]
        await database.write(closing.submit, quiz.learner, attempt_id)

    assert ways['right'][0] < 0 < ways['wrong'][0], 'the questions stand with the hardest first'
    assert ways['right'][1] == 'You got most of “{skill}” right, so this one is a bit harder.'
    assert 'easier' in ways['wrong'][1]
    await assert_log_and_projections_agree()


async def test_what_was_not_asked_is_no_part_of_it_and_comes_first_the_next_time() -> None:
    quiz = await a_practice()
    attempt_id = await start(quiz)
    asked = [await place(quiz, attempt_id)]
    await give(quiz, attempt_id, asked[0], RIGHT[0])
    await go_on(quiz, attempt_id)
    asked.append(await place(quiz, attempt_id))
    await give(quiz, attempt_id, asked[1], RIGHT[0])
    await go_on(quiz, attempt_id)
    await database.write(closing.submit, quiz.learner, attempt_id)
    reviewed = await database.read(review.review, quiz.learner, attempt_id)
    assert (len(reviewed.questions), reviewed.score, reviewed.is_practice) == (2, 100, True)

    again = await start(quiz)
    fresh = [await place(quiz, again)]
    for _ in range(3):
        await give(quiz, again, fresh[-1], WRONG[0])
        await go_on(quiz, again)
        fresh.append(await place(quiz, again))
    assert set(fresh).isdisjoint(asked)
    known = await database.read(skills.of_learner, quiz.learner, quiz.klass.course_id, quiz.learner.user_id)
    assert [each.answers for each in known] == [2], 'the attempt that goes on is not graded yet'


async def test_the_reason_gives_nothing_away_and_other_quizzes_keep_their_order() -> None:
    quiz = await a_practice(replace(ADAPTIVE, shows_right=Reveal.NEVER))
    attempt_id = await start(quiz)
    await give(quiz, attempt_id, await place(quiz, attempt_id), RIGHT[0])
    await go_on(quiz, attempt_id)
    assert 'neither too easy nor too hard' in (await why(quiz, attempt_id)).one
    with pytest.raises(NotFound):
        await adapting.go_on(quiz.klass.learners[1], attempt_id)
    plain = await a_quiz(klass=quiz.klass, title='Plain')
    other = await begin(plain)
    with pytest.raises(Refused, match='fixed order'):
        await go_on(plain, other)
