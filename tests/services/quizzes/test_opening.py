"""A result that a quiz keeps back: nothing on the learner's side tells of it before it is open, and then all, once."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from pydantic_core import to_jsonable_python
from sqlalchemy import select
from sqlmodel import col

from models import Change, LearningDay, PointEntry, PointReason, Reveal, Verb
from services import followers
from services.access import Actor
from services.activity import log
from services.activity.following import Running
from services.analytics import learner as learner_analytics
from services.analytics import learning_analytics, subjects
from services.analytics.prediction import reading
from services.core import clock, database
from services.core.phrases import Phrase
from services.courses import catalog
from services.deadlines import feeds
from services.goals import weekly
from services.grades import gradebook
from services.motivation import given_badges, leaderboard, moments, standing
from services.notices import inbox
from services.parents import week
from services.quizzes import (
    attempts,
    closing,
    marking,
    opening,
    quiz_settings,
    regrading,
    results,
    review,
    skills,
    spacing,
)
from services.quizzes.answer import Answer
from services.quizzes.quiz_settings import Rules
from services.reports import content, overview
from services.reports.performance import building
from services.study import course_path, summary
from services.study import path as study_path
from tests.factories.classes import a_class, assert_log_and_projections_agree, join_class, percent, tap
from tests.factories.people import a_parent
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, RIGHT, WHY, WRONG, QuizAtHand, a_quiz, begin, give, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('G1', 'Q1', 'Q8')]

DAY = timedelta(days=1)
OF_SCORES = {PointReason.MASTERED, PointReason.PERFECT}


async def submitted(quiz: QuizAtHand, answers: tuple[Answer, ...]) -> None:
    await take(quiz, answers)


async def out_of_time(quiz: QuizAtHand, answers: tuple[Answer, ...]) -> None:
    attempt_id = await begin(quiz)
    for position, answer in enumerate(answers):
        await give(quiz, attempt_id, position, answer)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert await database.write(closing.close_due) == 1


async def graded_by_hand(quiz: QuizAtHand, answers: tuple[Answer, ...]) -> None:
    attempt_id = await take(quiz, [*answers, Answer(text='It has large pores.')])
    points = Decimal(4 if answers == RIGHT else 0)
    await database.write(marking.grade, quiz.teacher, attempt_id, position=3, points=points, remark='Seen.')


async def regraded(quiz: QuizAtHand, answers: tuple[Answer, ...]) -> None:
    """The teacher gives everybody full credit for a question; who had the rest right has all right then."""
    await take(quiz, [WRONG[0], *answers[1:]])
    if answers == RIGHT:
        await database.write(
            regrading.edit, quiz.teacher, quiz.question_ids[0], FINEST, change=Change.FULL_CREDIT, reason='Unclear.'
        )
        await regrading.regrade_all()


Way = Callable[[QuizAtHand, tuple[Answer, ...]], Any]
WAYS: tuple[Way, ...] = (submitted, out_of_time, graded_by_hand, regraded)


async def a_kept_back_quiz(way: Way, *, shows: Reveal = Reveal.AFTER_CLOSE) -> QuizAtHand:
    klass = await a_class(checkpoints=1)
    await database.write(
        catalog.edit, klass.teacher, klass.course_id, title='Soil', description='', subject='Geography'
    )
    await join_class(klass)
    questions = (FINEST, HOW_ACID, replace(NAME_IT, tags=('soil',))) + ((WHY,) if way is graded_by_hand else ())
    rules = Rules(
        shows_score=shows,
        shows_right=shows,
        shows_feedback=shows,
        shows_solution=shows,
        minutes=10,
        shuffles_options=False,
    )
    quiz = await a_quiz(klass=klass, questions=questions, rules=replace(rules, closes_at=clock.now() + DAY))
    await tap(klass, klass.checkpoints[0])
    await database.write(weekly.choose, quiz.learner, klass.course_id, checkpoints=2)
    return quiz


async def follow() -> None:
    for _ in range(3):  # what one follower records is taken by the others
        for each in followers.ALL:
            await Running(each).catch_up()


async def faces(quiz: QuizAtHand, parent: Actor) -> dict[str, Any]:
    """What the learner and their parent can read, each by its name."""
    lena, course, checkpoint = quiz.learner, quiz.klass.course_id, quiz.checkpoint_id
    (attempt_id,) = [each.attempt_id for each in (await database.read(attempts.offer, lena, checkpoint)).past]
    read: dict[str, Any] = {
        'offer': (attempts.offer, lena, checkpoint),
        'attempt': (review.seen, lena, attempt_id),
        'points, badges, streak': (standing.own, lena),
        'leaderboards': (leaderboard.all_own, lena),
        'is there a celebration': (moments.are_there, lena),
        'inbox': (inbox.look, lena),
        'unread': (inbox.unread, lena),
        'week': (lambda tx, who: list(weekly.weeks(tx, who).values()), lena),
        'figures': (learner_analytics.own, lena, course),
        'subjects': (subjects.of_learner, lena, lena.user_id),
        'grades': (gradebook.own, lena, course),
        'path': (course_path.of_course, lena, course),
        'goes on at the quiz': (lambda tx, who: study_path.continue_at(tx, who, course) == checkpoint, lena),
        'summary': (summary.summary, lena, course),
        'why': (summary.why, lena, course),
        'standing': (overview.of_learner, lena, lena.user_id),
        'step': (content.at_checkpoint, lena, lena.user_id, checkpoint),
        'skills': (skills.of_learner, lena, course, lena.user_id),
        'to review': (spacing.today, lena),
        'due': (spacing.due, lena, course, lena.user_id),
        'deadlines': (feeds.shown, lena),
        'prediction': (reading.of_learner, lena, course, lena.user_id),
        'report': (lambda tx, who: building.of_learner(tx, who, who.user_id, course_id=course), lena),
        'analytics': (lambda tx, who: learning_analytics.of_learner(tx, who, course, user_id=who.user_id), lena),
        'of the parent': (lambda tx, who: week.of_child(tx, who, child_id=lena.user_id), parent),
    }
    return {name: plain(await database.read(verb, *asked)) for name, (verb, *asked) in read.items()}


def plain(value: object) -> Any:
    """Return what somebody reads, without ids and moments, which differ between two learners anyway."""
    return _without_ids(json.loads(json.dumps(to_jsonable_python(value, fallback=_said, serialize_unknown=True))))


def _said(value: object) -> object:
    return str(value) if isinstance(value, Phrase) else repr(value)


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(each) for key, each in value.items() if not _OWN.search(key)}
    if isinstance(value, list):
        return [_without_ids(each) for each in value]
    if isinstance(value, str):
        certificate = '[A-Z0-9]{4}(-[A-Z0-9]{4}){3}'
        return re.sub(rf'(/|#|:)\d+|\d{{4}}-\d\d-\d\dT[\d:.]+(Z|\+00:00)|{certificate}', '…', value)
    return value


_OWN = re.compile(r'(^|_)(ids?|code|answer|by|continue_at)$')
"""what differs between two learners whatever their results are: ids, and what they answered themselves"""


def differences(one: Any, other: Any, path: str = '') -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f'{path}/{key}')
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, both in enumerate(zip(one, other, strict=True)):
            yield from differences(*both, f'{path}/{place}')
    elif one != other:
        yield f'{path}: {one!r} and {other!r}'


async def two_learners(way: Way, shows: Reveal) -> tuple[tuple[QuizAtHand, Actor], tuple[QuizAtHand, Actor]]:
    """One who has everything right and one who has nothing right, each in a class that is like the other."""
    both = []
    for answers in RIGHT, WRONG:
        quiz = await a_kept_back_quiz(way, shows=shows)
        await way(quiz, answers)
        both.append((quiz, await a_parent(of=quiz.learner)))
    await follow()
    return both[0], both[1]


async def paid(quiz: QuizAtHand) -> list[PointReason]:
    mine = select(col(PointEntry.reason)).where(col(PointEntry.user_id) == quiz.learner.user_id)
    return list(await database.read(lambda tx: tx.session.scalars(mine).all()))


@pytest.mark.both_databases
@pytest.mark.parametrize('way', WAYS)
async def test_nobody_finds_out_before_and_everybody_does_afterwards_once(way: Way) -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False) as travel:
        (right, parent), (wrong, other) = await two_learners(way, Reveal.AFTER_CLOSE)
        found = list(differences(await faces(right, parent), await faces(wrong, other)))
        assert found == [], '\n'.join(found)
        (staff,) = await database.read(results.of_quiz, right.teacher, right.checkpoint_id)
        assert (staff.score, staff.is_passed) == (100, True), 'those who teach know it at once'

        await opening.open_all()
        assert not OF_SCORES & set(await paid(right)), 'it has not closed yet'
        await assert_log_and_projections_agree()

        travel.shift(DAY + timedelta(minutes=1))
        for _ in range(2):
            await opening.open_all()
            await follow()
        assert sorted(each for each in await paid(right) if each in OF_SCORES) == sorted(OF_SCORES)
        assert not OF_SCORES & set(await paid(wrong))
        assert (await percent(right.klass, right.learner), await percent(wrong.klass, wrong.learner)) == (100, 50)
        for quiz in right, wrong:
            told = [str(each.title) for each in (await database.read(inbox.look, quiz.learner)).notices]
            assert told.count('The result of “Soil quiz” can be seen now.') == 1
        telling = differences(await faces(right, parent), await faces(wrong, other))
        told_by = {each.split('/')[1] for each in telling}
        assert told_by >= {'points, badges, streak', 'grades', 'path', 'step', 'skills', 'attempt', 'of the parent'}
        await assert_log_and_projections_agree()


@pytest.mark.parametrize('way', WAYS)
async def test_a_quiz_that_never_shows_its_score_is_complete_when_it_is_handed_in(way: Way) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        (right, parent), (wrong, other) = await two_learners(way, Reveal.NEVER)
        travel.shift(DAY + DAY)
        await opening.open_all()
        await follow()
        found = list(differences(await faces(right, parent), await faces(wrong, other)))
        assert found == [], '\n'.join(found)
        assert await percent(wrong.klass, wrong.learner) == 100, 'a course can be completed'
        await assert_log_and_projections_agree()


async def test_an_essay_in_a_quiz_that_never_shows_its_score_keeps_nobody_waiting_for_its_grade() -> None:
    quiz = await a_kept_back_quiz(graded_by_hand, shows=Reveal.NEVER)
    await take(quiz, [*WRONG, Answer(text='No idea.')])
    assert await percent(quiz.klass, quiz.learner) == 100


async def test_results_that_were_to_be_shown_later_and_then_never_complete_their_steps_once() -> None:
    rules = Rules(shows_score=Reveal.AFTER_CLOSE, closes_at=clock.now() + DAY)
    quiz = await a_quiz(rules=rules)
    await submitted(quiz, WRONG)
    await opening.open_all()
    assert await percent(quiz.klass, quiz.learner) == 0
    rules = replace(rules, shows_score=Reveal.NEVER)
    await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, rules)
    for _ in range(2):
        await opening.open_all()
    assert await percent(quiz.klass, quiz.learner) == 50
    assert await database.read(opening.due) == [], 'nobody looks at it again'
    opened = await database.read(log.read, col(log.Activity.verb) == Verb.RESULT_OPENED)
    assert opened == [], 'the score stays hidden'


async def test_who_failed_before_the_score_was_hidden_for_ever_has_handed_in_all_the_same() -> None:
    quiz = await a_quiz(rules=Rules(attempts_allowed=1), learners=('Lena', 'Otto'))
    _, otto = quiz.klass.learners
    await take(quiz, WRONG)
    await take(quiz, RIGHT, by=otto)
    assert [await percent(quiz.klass, who) for who in quiz.klass.learners] == [0, 50]
    rules = Rules(attempts_allowed=1, shows_score=Reveal.NEVER)
    await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, rules)
    for _ in range(2):
        await opening.open_all()
    assert [await percent(quiz.klass, who) for who in quiz.klass.learners] == [50, 50]
    assert await database.read(opening.due) == []
    await assert_log_and_projections_agree()


async def test_a_score_that_is_never_shown_earns_nothing_until_a_teacher_shows_it() -> None:
    quiz = await a_kept_back_quiz(submitted, shows=Reveal.NEVER)
    await submitted(quiz, RIGHT)
    with time_machine.travel(clock.now() + DAY + DAY, tick=False) as travel:
        await opening.open_all()
        await follow()
        assert await percent(quiz.klass, quiz.learner) == 100, 'a course can be completed'
        earned = await paid(quiz)
        assert PointReason.COURSE_COMPLETED in earned
        assert not OF_SCORES & set(earned)

        rules = Rules(shows_score=Reveal.AFTER_SUBMIT)
        await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, rules)
        travel.shift(DAY)
        await opening.open_all()
        await follow()
        assert set(await paid(quiz)) >= OF_SCORES
        await assert_log_and_projections_agree()


async def test_a_badge_for_all_quizzes_of_a_subject_tells_of_no_result_that_is_kept_back() -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False) as travel:
        open_one = await a_kept_back_quiz(submitted, shows=Reveal.AFTER_SUBMIT)
        closing_one = await a_quiz(
            klass=open_one.klass,
            title='Second quiz',
            rules=Rules(shows_score=Reveal.AFTER_CLOSE, closes_at=now + DAY, passing_percent=0),
        )
        await submitted(open_one, RIGHT)
        await submitted(closing_one, RIGHT)
        await follow()
        assert await badges_of(open_one) == []
        travel.shift(DAY + timedelta(minutes=1))
        await opening.open_all()
        await follow()
        assert await badges_of(open_one) == ['Subject Master']


async def test_a_step_that_a_result_completes_later_is_no_sign_of_life_and_no_day_of_learning() -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False) as travel:
        quiz = await a_kept_back_quiz(submitted)
        await submitted(quiz, RIGHT)
        travel.shift(DAY + DAY)
        await opening.open_all()
        await follow()
        done = await database.read(log.read, col(log.Activity.tap_id) == f'passed:{quiz.checkpoint_id}')
        assert [(each.verb, each.is_sign_of_life, each.happened_at) for each in done] == [(Verb.COMPLETED, False, now)]
        days = await database.read(lambda tx: tx.session.scalars(select(LearningDay)).all())
        assert {each.local_date for each in days} == {now.date()}


async def test_a_quiz_that_has_no_end_opens_its_results_once_it_gets_one() -> None:
    rules = Rules(shows_score=Reveal.AFTER_CLOSE)
    quiz = await a_quiz(rules=rules)
    await submitted(quiz, RIGHT)
    with time_machine.travel(clock.now() + DAY, tick=False):
        await opening.open_all()
        assert await percent(quiz.klass, quiz.learner) == 0
        ended = replace(rules, closes_at=clock.now() - timedelta(minutes=1))
        await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, ended)
        await opening.open_all()
        assert await percent(quiz.klass, quiz.learner) == 50


async def badges_of(quiz: QuizAtHand) -> list[str]:
    mine = (col(log.Activity.verb) == Verb.BADGE_EARNED) & (col(log.Activity.user_id) == quiz.learner.user_id)
    earned = await database.read(log.read, mine)
    names = [str(given_badges.name_of(int((each.details or {})['badge']))) for each in earned]
    return [each for each in names if each == 'Subject Master']
