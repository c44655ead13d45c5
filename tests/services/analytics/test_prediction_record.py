"""What predictions read of a course: due for each learner as agreed, done when handed in, scores they may know."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from models import Course, Reveal
from services.access import Actor
from services.analytics import prediction
from services.analytics.prediction import calibration, nightly, reading_record
from services.analytics.prediction.facts import NAMES as NAMES_OF_FACTS
from services.analytics.prediction.forecast import values_of
from services.analytics.prediction.reading_record import days_of
from services.analytics.prediction.reasons import shows_others
from services.analytics.prediction.record import Record
from services.assignments import grading
from services.assignments import rules as assignment_rules
from services.core import clock, database
from services.core.transaction import Transaction
from services.courses import catalog, due_dates, outline
from services.grades import overrides
from services.people import groups, joining
from services.quizzes.quiz_settings import Rules
from tests.factories.assignments import an_assignment, hand_in
from tests.factories.people import a_guest, another_device
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take
from tests.factories.terms import BEGINS, TermAtHand, a_term, keep_up, on

pytestmark = [pytest.mark.req('N4'), pytest.mark.both_databases]

NAMES = 'Amina', 'Ben', 'Chen', 'Dora', 'Emil'


async def read(course_id: int) -> Record:
    def record(tx: Transaction) -> Record:
        return reading_record.read(tx, tx.session.get_one(Course, course_id))

    return await database.read(record)


@pytest.mark.usefixtures('db')
async def test_each_learner_has_their_own_due_date_and_no_more_than_was_agreed() -> None:
    due_at = clock.now() + timedelta(days=10)
    work = await an_assignment(due_at=due_at, learners=NAMES[:4])
    klass, checkpoint = work.klass, work.checkpoint_id
    _, ben, chen, dora = klass.learners
    teach, later = (klass.teacher, klass.course_id), due_at + timedelta(days=4)
    await database.write(assignment_rules.extend, klass.teacher, checkpoint, user_id=ben.user_id, due_at=later)
    await database.write(groups.give_extra_time, *teach, user_id=chen.user_id, percent=50)
    await database.write(overrides.excuse, klass.teacher, checkpoint, user_id=dora.user_id)

    record = await read(klass.course_id)
    assert list(record.people) == [each.user_id for each in klass.learners]
    usual, agreed, longer, excused = record.due[:, -1] - days_of([due_at])[0]
    assert (usual, agreed) == (0, pytest.approx(4))
    assert longer == pytest.approx(5, abs=0.01), 'half of the ten days that they had'
    assert np.isnan(excused)
    assert record.dated == 1


@pytest.mark.usefixtures('db')
async def test_work_is_done_when_it_is_handed_in_and_has_a_score_once_it_is_returned() -> None:
    work = await an_assignment(due_at=clock.now() + timedelta(days=1), learners=NAMES[:2])
    handed = await hand_in(work)
    before = await read(work.klass.course_id)
    await database.write(grading.grade, work.teacher, handed, grade=40, feedback='')
    graded = await read(work.klass.course_id)
    await database.write(grading.give_back, work.teacher, work.checkpoint_id)
    returned = await read(work.klass.course_id)

    assert np.isfinite(before.done[0, -1])
    assert np.isinf(before.done[1, -1])
    assert np.isnan(before.score[0, -1])
    assert np.isnan(graded.score[0, -1]), 'what its learner does not know yet is no reason'
    assert returned.score[0, -1] == 40


@pytest.mark.usefixtures('db')
async def test_extra_credit_is_read_as_a_full_score() -> None:
    quiz = await a_quiz()
    await database.write(overrides.set_score, quiz.teacher, quiz.checkpoint_id, user_id=quiz.learner.user_id, score=130)
    record = await read(quiz.klass.course_id)
    assert record.score[0, -1] == 100


@pytest.mark.parametrize(('reveal', 'knows'), [(Reveal.AFTER_SUBMIT, True), (Reveal.NEVER, False)])
@pytest.mark.usefixtures('db')
async def test_the_best_score_counts_unless_the_quiz_keeps_it_back(reveal: Reveal, knows: bool) -> None:
    quiz = await a_quiz(rules=Rules(shows_score=reveal))
    await take(quiz, WRONG)
    await take(quiz, RIGHT)
    record = await read(quiz.klass.course_id)
    at = days_of([clock.now() + timedelta(minutes=1)])[0]
    assert record.work(at).score[0] == (pytest.approx(100) if knows else pytest.approx(np.nan, nan_ok=True))


@pytest.mark.usefixtures('db')
async def test_who_joins_late_owes_nothing_of_before() -> None:
    term = await a_term(learners=NAMES)
    await keep_up(term, until=4, who=term.learners)
    async with on(BEGINS + timedelta(days=9)):
        nina = await a_guest(code=term.course.code, name='Nina')
        record = await read(term.course_id)
    row = list(record.people).index(nina.user_id)
    at = days_of([BEGINS + timedelta(days=9)])[0]
    assert (record.work(at).due[row], record.work(at).missed[row], record.work(at).due[0]) == (0, 0, 4)
    few = values_of(record, at).values[:, NAMES_OF_FACTS.index('few')]
    assert few == pytest.approx([0, 0, 0, 0, 0, 0]), 'the class has done no more of what is asked of her'


@pytest.mark.usefixtures('db')
async def test_a_second_run_knows_how_hard_the_first_was_and_gives_a_percentage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calibration, 'FOR_LEVEL', 5)
    first = await a_term(learners=NAMES)
    await keep_up(first, until=10, who=first.learners[:4])
    async with on(BEGINS + timedelta(days=36)):
        await nightly.make_all()
    begins = BEGINS + timedelta(days=40)
    async with on(begins):
        await nightly.make_all()
        teacher = await another_device(of=first.teacher)
        copy_id = await database.write(catalog.duplicate, teacher, first.course_id)
        await database.write(due_dates.move, teacher, copy_id, days=40)
        second = await the_same_people(copy_id, first, teacher=teacher)
        runs = await database.read(nightly._runs)
    await keep_up(second, until=4, who=second.learners)
    async with on(begins + timedelta(days=11)):
        await nightly.make_all()
        found = await database.read(prediction.of_course, teacher, copy_id)
    assert runs.before(copy_id) == [first.course_id]
    assert found.model == 'oulad-1, own 1'
    assert all(each.percent is not None and each.percent > 50 for each in found.learners), 'four of five completed it'
    assert found.learners[0].name == 'Emil', 'who did not complete it before'


@pytest.mark.req('V4')
@pytest.mark.parametrize(
    ('reason', 'shows'),
    [
        ({'fact': 'low_score', 'score': 40, 'average': 70, 'of': 2}, True),
        ({'fact': 'low_score', 'score': 40, 'average': 70, 'of': 5}, True),
        ({'fact': 'low_score', 'score': 40, 'average': 70, 'of': 6}, False),
        ({'fact': 'few', 'count': 1, 'average': 4, 'of': 5}, True),
        ({'fact': 'nothing', 'count': 3, 'learners': 20}, True),
        ({'fact': 'nothing', 'count': 9, 'learners': 20}, False),
        ({'fact': 'missed', 'missed': 2, 'due': 4}, False),
    ],
)
def test_learners_read_no_average_of_few_others(reason: dict[str, int | str], shows: bool) -> None:
    assert shows_others(reason) is shows, 'an average of two, one of whom is the reader, is the score of the other'


async def the_same_people(course_id: int, first: TermAtHand, *, teacher: Actor) -> TermAtHand:
    """Let the learners of a course take its copy."""
    code = (await database.read(catalog.facts, teacher, course_id)).code
    learners = tuple([await another_device(of=each) for each in first.learners])
    for each in learners:
        await database.write(joining.join, each, code=code)
    sections = await database.read(outline.sections, teacher, course_id)
    checkpoints = tuple(checkpoint.checkpoint_id for section in sections for checkpoint in section.checkpoints)
    course = replace(first.course, course_id=course_id, checkpoints=checkpoints, code=code, teacher=teacher)
    return TermAtHand(course=course, learners=learners, begins=clock.now())
