"""What a learner is sure of follows from their graded answers, as the log tells it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import col

from models import Change, CheckpointKind, Reveal, Verb
from services.access import Actor
from services.activity import log
from services.core import database
from services.core.errors import NotFound
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.people import merging
from services.quizzes import regrading, skills
from services.quizzes.estimating import ENOUGH, USUAL_RATE, estimate, faded
from services.quizzes.quiz_settings import Rules
from services.quizzes.skills import SkillShown, Standing
from tests.factories.classes import assert_log_and_projections_agree
from tests.factories.people import an_instructor
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, RIGHT, WRONG, QuizAtHand, a_quiz, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q6', 'N9'), pytest.mark.both_databases]


async def shown(quiz: QuizAtHand, who: Actor | None = None, *, by: Actor | None = None) -> dict[str, SkillShown]:
    who = who or quiz.learner
    found = await database.read(skills.of_learner, by or who, quiz.klass.course_id, who.user_id)
    return {each.name: each for each in found}


def recounted(*results: float, rate: float) -> int:
    right = weight = 0.0
    for result in results:
        right, weight = faded(right, weight, result)
    return int(100 * estimate(right, weight, rate))


async def test_a_skill_is_a_tag_and_its_estimate_can_be_recounted() -> None:
    quiz = await a_quiz()
    assert await shown(quiz) == {}

    await take(quiz, [RIGHT[0], None, RIGHT[2]])

    first = await shown(quiz)
    assert list(first) == ['soil'], 'what was not answered says nothing, and neither does a question without a tag'
    assert (first['soil'].standing, first['soil'].answers, first['soil'].percent) == (Standing.TOO_EARLY, 1, None)
    await take(quiz, [WRONG[0], RIGHT[1], RIGHT[2]])
    second = await shown(quiz)
    assert (second['ph'].answers, second['soil'].answers) == (1, ENOUGH)
    rate = round(100 * (1 + 5 * USUAL_RATE) / 6) / 100
    assert second['soil'].percent == recounted(1, 0, 1, rate=rate)
    assert second['soil'].standing is Standing.ON_THE_WAY
    for _ in range(4):
        await take(quiz)
    last = await shown(quiz)
    assert [each.name for each in last.values()] == ['ph', 'soil'], 'what may be practised stands first'
    assert {each.standing for each in last.values()} <= {Standing.SURE, Standing.ON_THE_WAY}
    assert last['soil'].mastered_at is not None
    await take(quiz, WRONG)
    assert (await shown(quiz))['soil'].mastered_at == last['soil'].mastered_at, 'what was mastered stays mastered'
    await assert_log_and_projections_agree()


async def test_an_untagged_question_trains_the_skills_of_its_checkpoint() -> None:
    quiz = await a_quiz(questions=[NAME_IT], rules=Rules(is_practice=True))
    details = Details(title='Soil quiz', kind=CheckpointKind.QUIZ, tags=('humus',))
    await database.write(checkpoints.edit, quiz.teacher, quiz.checkpoint_id, details)
    await take(quiz, [RIGHT[2]])
    assert (await shown(quiz))['humus'].answers == 1, 'practice shows what somebody knows, too'


async def test_a_regrade_replaces_what_an_attempt_said() -> None:
    quiz = await a_quiz(questions=[HOW_ACID], learners=['Lena', 'Otto'])
    for who in quiz.klass.learners:
        for _ in range(ENOUGH):
            await take(quiz, [WRONG[1]], by=who)
    before = (await shown(quiz))['ph'].percent
    fixed = replace(HOW_ACID, numbers=(replace(HOW_ACID.numbers[0], value=Decimal(5)),), tags=('acids',))
    await database.write(regrading.edit, quiz.teacher, quiz.question_ids[0], fixed, change=Change.REGRADE)
    await regrading.regrade_all()

    after = await shown(quiz)
    assert list(after) == ['acids'], 'the question has another tag now'
    assert (after['acids'].percent or 0) > (before or 0)
    await assert_log_and_projections_agree()


async def test_what_a_guest_showed_is_what_the_person_showed() -> None:
    quiz = await a_quiz(learners=['Lena', 'Lena again'])
    person, guest = quiz.klass.learners
    await take(quiz, by=person)
    await take(quiz, WRONG, by=guest)
    ids = {'guest_id': guest.user_id, 'into_id': person.user_id}
    await database.write(merging.merge, quiz.teacher, quiz.klass.course_id, **ids)
    together = await shown(quiz, person)
    assert together['soil'].answers == 4
    asked = replace(FINEST, text='Which?')
    await database.write(regrading.edit, quiz.teacher, quiz.question_ids[0], asked, change=Change.FULL_CREDIT)
    await regrading.regrade_all()
    assert (await shown(quiz, person))['soil'].answers == 4
    await assert_log_and_projections_agree()
    await database.write(merging.unmerge, quiz.teacher, quiz.klass.course_id, guest_id=guest.user_id)
    assert [(await shown(quiz, who))['soil'].answers for who in (person, guest)] == [2, 2]
    await assert_log_and_projections_agree()


async def test_nobody_learns_here_what_the_quiz_keeps_back() -> None:
    quiz = await a_quiz(rules=Rules(shows_right=Reveal.NEVER))
    await take(quiz)
    assert await shown(quiz) == {}
    assert set(await shown(quiz, by=quiz.teacher)) == {'soil', 'ph'}
    stranger = await an_instructor(email='stranger@example.org')
    with pytest.raises(NotFound):
        await shown(quiz, by=stranger)


async def test_many_skills_fit_into_the_log() -> None:
    tags = [tuple(f'skill {number} {part}' for part in range(20)) for number in range(12)]
    quiz = await a_quiz(questions=[replace(FINEST, tags=each) for each in tags])
    await take(quiz, [RIGHT[0]] * len(tags))
    assert len(await shown(quiz)) == 240
    said = await database.read(lambda tx: log.read(tx, col(log.Activity.verb) == Verb.SKILLS_SHOWN))
    assert len(said) > 1
    assert all(len(str(each.details)) < 400 for each in said)
    await assert_log_and_projections_agree()
