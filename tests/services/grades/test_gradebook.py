"""The gradebook: what learners have reached, what teachers set by hand, and what each of them sees."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import col

from models import Reveal, Verb
from services.access import Actor
from services.activity import log
from services.core import clock, database
from services.core.errors import Invalid, NotFound
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from services.grades import gradebook, grading, overrides
from services.grades.book import Cell, Gradebook, Mark, OwnGrades
from services.grades.explaining import why
from services.people import groups, merging
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import assert_log_and_projections_agree, joined_long_ago
from tests.factories.people import a_guest
from tests.factories.quizzes import RIGHT, WHY, WRONG, QuizAtHand, a_quiz, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.both_databases, pytest.mark.req('C7')]


async def book(quiz: QuizAtHand, **asked: str) -> Gradebook:
    return await database.read(gradebook.of_course, quiz.teacher, quiz.klass.course_id, **asked)


async def cell(quiz: QuizAtHand, *, by: Actor | None = None) -> Cell:
    learner = by or quiz.learner
    (found,) = (row.cells[0] for row in (await book(quiz)).rows if row.user_id == learner.user_id)
    return found


async def own(quiz: QuizAtHand) -> OwnGrades:
    return await database.read(gradebook.own, quiz.learner, quiz.klass.course_id)


async def set_score(quiz: QuizAtHand, score: int, reason: str = '') -> None:
    user_id = quiz.learner.user_id
    await database.write(
        overrides.set_score, quiz.teacher, quiz.checkpoint_id, user_id=user_id, score=score, reason=reason
    )


async def due_before_now(quiz: QuizAtHand) -> None:
    await joined_long_ago(quiz.klass)
    details = Details(title='Soil quiz', kind=CheckpointKind.QUIZ, due_at=clock.now() - timedelta(hours=1))
    await database.write(checkpoints.edit, quiz.teacher, quiz.checkpoint_id, details=details)


async def test_the_best_attempt_is_the_grade() -> None:
    quiz = await a_quiz()
    assert await cell(quiz) == (None, Mark.NONE)
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    await take(quiz, WRONG)
    assert await cell(quiz) == (75, Mark.GRADED)
    (row,) = (await book(quiz)).rows
    assert row.explanation.total == 75
    assert (await own(quiz)).row == row


async def test_practice_is_no_column() -> None:
    quiz = await a_quiz(rules=Rules(is_practice=True))
    await take(quiz)
    assert (await book(quiz)).things == ()


async def test_an_essay_waits_for_its_grade() -> None:
    quiz = await a_quiz(questions=[WHY])
    await take(quiz, [RIGHT[2]])
    assert await cell(quiz) == (None, Mark.WAITING)


async def test_what_is_missing_counts_nothing_only_where_the_course_says_so() -> None:
    quiz = await a_quiz()
    await due_before_now(quiz)
    assert await cell(quiz) == (None, Mark.MISSING)
    assert (await own(quiz)).row.explanation.total is None
    await database.write(grading.count_missing, quiz.teacher, quiz.klass.course_id, counts=True)
    assert (await own(quiz)).row.explanation.total == 0


async def test_what_was_due_before_a_learner_joined_is_neither_missing_nor_counted() -> None:
    quiz = await a_quiz(learners=['Lena'])
    await due_before_now(quiz)
    await database.write(grading.count_missing, quiz.teacher, quiz.klass.course_id, counts=True)
    nina = await a_guest(code=quiz.klass.code, name='Nina')
    lenas, ninas = (await book(quiz)).rows
    assert (lenas.cells[0].mark, lenas.explanation.total) == (Mark.MISSING, 0)
    assert (ninas.cells[0], ninas.explanation.total) == (Cell(None, Mark.BEFORE), None)
    assert [str(line) for line in why(ninas.explanation)] == [
        'Nothing counts yet.',
        '1 more was due before the course was joined, and does not count.',
    ]
    assert (await database.read(gradebook.own, nina, quiz.klass.course_id)).row == ninas
    one = {'user_id': nina.user_id}
    await database.write(overrides.set_score, quiz.teacher, quiz.checkpoint_id, score=70, **one)
    row = await database.read(gradebook.row_of, quiz.teacher, quiz.klass.course_id, **one)
    assert row is not None
    assert (row.cells[0], row.explanation.total, row.explanation.before) == (Cell(70, Mark.SET), 70, 0)


async def test_who_has_extra_time_is_missing_later_and_late_later() -> None:
    quiz = await a_quiz(learners=['Lena', 'Otto'])
    in_an_hour = clock.now() + timedelta(hours=1)
    details = Details(title='Soil quiz', kind=CheckpointKind.QUIZ, due_at=in_an_hour)
    await database.write(checkpoints.edit, quiz.teacher, quiz.checkpoint_id, details=details)
    lena, otto = quiz.klass.learners
    course_id = quiz.klass.course_id
    await database.write(groups.give_extra_time, quiz.teacher, course_id, user_id=lena.user_id, percent=100)
    with time_machine.travel(in_an_hour + timedelta(minutes=20)):
        assert (await cell(quiz, by=lena)).mark is Mark.NONE
        assert (await cell(quiz, by=otto)).mark is Mark.MISSING
        await take(quiz, by=lena)
        await take(quiz, by=otto)
        assert await cell(quiz, by=lena) == (100, Mark.GRADED)
        assert await cell(quiz, by=otto) == (100, Mark.LATE)


async def test_a_grade_set_by_hand_needs_a_reason_where_it_replaces_another() -> None:
    quiz = await a_quiz()
    await set_score(quiz, 50)
    assert await cell(quiz) == (50, Mark.SET)
    await take(quiz)
    with pytest.raises(Invalid, match='The learner has reached 100 here'):
        await set_score(quiz, 90)
    await set_score(quiz, 90, '  A part was   spoken ')
    told = await own(quiz)
    assert told.row.cells == ((90, Mark.SET),)
    assert told.by_hand[quiz.checkpoint_id].reason == 'A part was spoken'
    assert told.by_hand[quiz.checkpoint_id].by == 'Ines Instructor'
    await database.write(overrides.clear, quiz.teacher, quiz.checkpoint_id, user_id=quiz.learner.user_id)
    assert await cell(quiz) == (100, Mark.GRADED)
    found = await database.read(log.read, col(log.Activity.verb) == Verb.GRADE_SET)
    told_by_log = [(each.user_id, each.score, each.details and each.details['state']) for each in found]
    learner = quiz.learner.user_id
    assert told_by_log == [(learner, 50, 'set'), (learner, 90, 'set'), (learner, None, 'cleared')]
    await assert_log_and_projections_agree()


@pytest.mark.parametrize('score', [-1, 151, True, 3.5, '80'])
async def test_a_grade_is_a_whole_number_of_percent(score: int) -> None:
    quiz = await a_quiz()
    with pytest.raises(Invalid, match='from 0 to 150; more than 100 is extra credit'):
        await set_score(quiz, score)


async def test_extra_credit_counts_in_full_and_has_the_best_letter() -> None:
    quiz = await a_quiz()
    await take(quiz)
    await database.write(grading.set_letters, quiz.teacher, quiz.klass.course_id, letters=[(90, 'A'), (0, 'F')])
    for score in (101, 150):
        await set_score(quiz, score, 'A model of the soil')
        told = await own(quiz)
        assert told.row.cells == ((score, Mark.SET),)
        assert (told.row.explanation.total, told.row.explanation.letter) == (score, 'A')
        assert (await book(quiz)).rows == (told.row,)


async def test_who_is_excused_is_left_out() -> None:
    quiz = await a_quiz()
    await due_before_now(quiz)
    course_id, user_id = quiz.klass.course_id, quiz.learner.user_id
    await database.write(grading.count_missing, quiz.teacher, course_id, counts=True)
    await database.write(overrides.excuse, quiz.teacher, quiz.checkpoint_id, user_id=user_id, reason='Was ill')
    told = await own(quiz)
    assert (told.row.cells, told.row.explanation.total) == (((None, Mark.EXCUSED),), None)


async def test_a_checkpoint_that_is_not_graded_takes_no_grade() -> None:
    quiz = await a_quiz()
    (checkpoint, *_) = quiz.klass.checkpoints
    with pytest.raises(NotFound, match='not graded'):
        await database.write(overrides.set_score, quiz.teacher, checkpoint, user_id=quiz.learner.user_id, score=5)


async def test_a_score_that_is_not_shown_yet_is_not_in_the_learners_row() -> None:
    quiz = await a_quiz(rules=Rules(shows_score=Reveal.NEVER))
    await take(quiz)
    assert await cell(quiz) == (100, Mark.GRADED)
    told = await own(quiz)
    assert (told.row.cells, told.row.explanation.total) == (((None, Mark.HIDDEN),), None)


async def test_groups_and_names_filter() -> None:
    quiz = await a_quiz(learners=['Lena', 'Otto'])
    user_id = quiz.klass.learners[1].user_id
    await database.write(groups.put, quiz.teacher, quiz.klass.course_id, user_id=user_id, name='Blue')
    assert [row.name for row in (await book(quiz, group='Blue')).rows] == ['Otto']
    assert [row.name for row in (await book(quiz, search='LEN')).rows] == ['Lena']
    assert (await book(quiz, search='LEN')).groups == ('Blue',)


async def test_what_a_guest_was_given_counts_for_the_person_they_turn_out_to_be() -> None:
    quiz = await a_quiz(learners=['Lena', 'L.'])
    person, guest = quiz.klass.learners
    course_id, id_ = quiz.klass.course_id, quiz.checkpoint_id
    await database.write(overrides.set_score, quiz.teacher, id_, user_id=guest.user_id, score=44)
    await database.write(merging.merge, quiz.teacher, course_id, guest_id=guest.user_id, into_id=person.user_id)
    (row,) = (await book(quiz)).rows
    assert row.cells == ((44, Mark.SET),)
    assert (await own(quiz)).by_hand[id_].score == 44
    await database.write(overrides.clear, quiz.teacher, id_, user_id=person.user_id)
    assert await cell(quiz) == (None, Mark.NONE)


async def test_categories_weigh_and_what_is_in_none_does_not_count() -> None:
    quiz = await a_quiz()
    await take(quiz)
    teacher, course_id = quiz.teacher, quiz.klass.course_id
    category = await database.write(grading.set_category, teacher, course_id, name=' Tests ', weight=40)
    assert (await own(quiz)).row.explanation.total is None
    await database.write(grading.place, teacher, quiz.checkpoint_id, category_id=category)
    assert (await own(quiz)).row.explanation.total == 100
    await database.write(grading.place, teacher, quiz.checkpoint_id, category_id=category, counts=False)
    assert (await own(quiz)).row.explanation.total is None
    with pytest.raises(Invalid, match='the same name'):
        await database.write(grading.set_category, teacher, course_id, name='tests', weight=40)
    with pytest.raises(Invalid, match='All weights together'):
        await database.write(grading.set_category, teacher, course_id, name='Tests', weight=0, category_id=category)
    await database.write(grading.delete_category, teacher, course_id, category_id=category)
    how = await database.read(grading.of_course, teacher, course_id)
    assert how.categories == ()


async def test_letters_are_those_of_the_course() -> None:
    quiz = await a_quiz()
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    letters = [(0, 'C'), (75, 'B'), (90, 'A')]
    await database.write(grading.set_letters, quiz.teacher, quiz.klass.course_id, letters=letters)
    assert (await own(quiz)).row.explanation.letter == 'B'
    with pytest.raises(Invalid, match='a beginning of its own'):
        await database.write(grading.set_letters, quiz.teacher, quiz.klass.course_id, letters=[(75, 'B'), (75, 'C')])


async def test_work_that_the_guest_handed_in_in_time_is_not_late_for_the_person() -> None:
    quiz = await a_quiz(learners=['Lena', 'L.'])
    person, guest = quiz.klass.learners
    in_an_hour = clock.now() + timedelta(hours=1)
    details = Details(title='Soil quiz', kind=CheckpointKind.QUIZ, due_at=in_an_hour)
    await database.write(checkpoints.edit, quiz.teacher, quiz.checkpoint_id, details=details)
    await take(quiz, by=guest)
    with time_machine.travel(in_an_hour + timedelta(hours=1)):
        await take(quiz, by=person)
        assert await cell(quiz, by=person) == (100, Mark.LATE)
        course_id, ids = quiz.klass.course_id, {'guest_id': guest.user_id, 'into_id': person.user_id}
        await database.write(merging.merge, quiz.teacher, course_id, **ids)
        assert await cell(quiz, by=person) == (100, Mark.GRADED)
        told = await database.read(gradebook.own, person, course_id)
        row = await database.read(gradebook.row_of, quiz.teacher, course_id, user_id=person.user_id)
        assert told.row == row == (await book(quiz)).rows[0]
