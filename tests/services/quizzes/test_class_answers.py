"""What a class answers to a question counts: for the skills of each learner, and in the figures of the question."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Change, LiveAnswer, LiveQuestionState, Verb
from services.access import Actor
from services.activity import log
from services.core import database
from services.core.errors import NotFound
from services.live import sessions
from services.live.questions import answering, asking
from services.live.questions.answering import Given
from services.people import merging
from services.privacy import erasing
from services.quizzes import bank, class_answers, dry_runs, question_results, regrading, skills, spacing
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, Option, Question
from services.quizzes.skills import SkillShown
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class
from tests.factories.people import an_admin, an_instructor
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, RIGHT, WRONG, a_quiz, take

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('L15', 'N9', 'Q6')]

CLAY, SAND, SILT = Answer(chosen=(0,)), Answer(chosen=(1,)), Answer(chosen=(2,))
SOLVED = LiveQuestionState.CLOSED, LiveQuestionState.SOLUTION


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    held = await a_class(learners=['Lena Low', 'Otto Old', 'Pia Punctual'])
    for who in held.learners:
        await join_class(held, by=who)
    return held


async def in_bank(klass: ClassAtHand, question: Question = FINEST) -> int:
    return await database.write(bank.add, klass.teacher, klass.course_id, question)


async def ask(
    klass: ClassAtHand, question_id: int, *given: tuple[Actor, Answer | None], solved: bool = True, over: bool = True
) -> int:
    """Ask the class, take the answers, solve it and take it from the screens."""
    asked = await database.write(asking.ask, klass.teacher, klass.course_id, question_id)
    for who, what in given:
        await answering.save(Given(actor=who, live_question_id=asked, tap_id=uuid4().hex, answer=what))
    for state in SOLVED if solved else ():
        await database.write(asking.move, klass.teacher, asked, state)
    if over:
        await database.write(asking.put_away, klass.teacher, asked)
        await class_answers.grade_all()
    return asked


async def shown(klass: ClassAtHand, who: Actor, *, by: Actor | None = None) -> dict[str, SkillShown]:
    found = await database.read(skills.of_learner, by or who, klass.course_id, who.user_id)
    return {each.name: each for each in found}


async def in_classes(klass: ClassAtHand, question_id: int) -> tuple[int, int, int | None] | None:
    found = await database.read(class_answers.of_question, klass.teacher, question_id)
    return found and (found.times, found.answered, found.right_percent)


async def tried(
    klass: ClassAtHand,
    question_id: int,
    content: Question,
    *,
    change: Change = Change.REGRADE,
    keeps_better: bool = True,
) -> tuple[int, int, int]:
    dry = await database.read(
        dry_runs.of_change, klass.teacher, question_id, content, change=change, keeps_better=keeps_better
    )
    assert (dry.attempts, dry.moved) == (0, ()), 'a class is no attempt'
    return dry.in_class.answers, dry.in_class.up, dry.in_class.down


async def test_an_answer_in_class_shows_a_skill_as_an_answer_in_a_quiz_does(klass: ClassAtHand) -> None:
    lena, otto, pia = klass.learners
    question_id = await in_bank(klass)
    for _ in range(3):
        await ask(klass, question_id, (lena, SAND), (lena, CLAY), (otto, SAND), (pia, CLAY), (pia, None))
    quiz = await a_quiz(klass=klass, questions=[FINEST])
    for _ in range(3):
        await take(quiz, [RIGHT[0]], by=pia)

    sure, weak, by_quiz = [(await shown(klass, who))['soil'] for who in (lena, otto, pia)]
    assert (sure.answers, weak.answers) == (3, 3), 'an answer that was replaced by another counts once'
    assert by_quiz.answers == 3, 'what was taken back shows nothing'
    assert sure.percent
    assert weak.percent
    assert sure.percent > weak.percent
    assert sure.mastered_at is None, 'three right answers are not yet the mark of the course'
    for each in klass.learners:
        await database.read(spacing.due, each, klass.course_id, each.user_id)
    await assert_log_and_projections_agree()


async def test_nothing_is_counted_while_the_class_can_still_answer(klass: ClassAtHand) -> None:
    question_id = await in_bank(klass)
    await ask(klass, question_id, (klass.learner, CLAY), solved=False, over=False)
    await class_answers.grade_all()
    assert await shown(klass, klass.learner) == {}
    assert await in_classes(klass, question_id) == (1, 0, None)

    await database.write(sessions.end, klass.teacher, klass.course_id)
    await class_answers.grade_all()
    assert (await shown(klass, klass.learner, by=klass.teacher))['soil'].answers == 1
    assert await in_classes(klass, question_id) == (1, 1, 100)


async def test_a_learner_does_not_learn_here_what_the_class_was_not_shown(klass: ClassAtHand) -> None:
    question_id = await in_bank(klass)
    await ask(klass, question_id, (klass.learner, CLAY), solved=False)
    assert await shown(klass, klass.learner) == {}
    assert set(await shown(klass, klass.learner, by=klass.teacher)) == {'soil'}
    await ask(klass, question_id, (klass.learner, CLAY))
    assert (await shown(klass, klass.learner))['soil'].answers == 1
    assert (await shown(klass, klass.learner, by=klass.teacher))['soil'].answers == 2


async def test_a_question_typed_in_class_shows_no_skill_of_that_name(klass: ClassAtHand) -> None:
    asked = await database.write(asking.ask_new, klass.teacher, klass.course_id, NAME_IT)
    await answering.save(Given(actor=klass.learner, live_question_id=asked, tap_id='a', answer=Answer(text='humus')))
    await database.write(asking.put_away, klass.teacher, asked)
    await class_answers.grade_all()
    assert await shown(klass, klass.learner, by=klass.teacher) == {}
    kept = await database.read(bank.of_course, klass.teacher, klass.course_id)
    assert [each.tags for each in kept.questions] == [('asked in class',)]


async def test_a_key_that_is_corrected_with_a_regrade_holds_for_classes_too(klass: ClassAtHand) -> None:
    lena, otto, _ = klass.learners
    wrong_key = replace(FINEST, options=(Option(text='Clay'), Option(text='Sand', credit=WHOLE), Option(text='Silt')))
    question_id = await in_bank(klass, wrong_key)
    for _ in range(3):
        await ask(klass, question_id, (lena, CLAY), (otto, SAND))
    await ask(klass, question_id, (lena, CLAY), over=False)
    assert await in_classes(klass, question_id) == (4, 6, 50)
    before = (await shown(klass, lena))['soil'].percent
    turned = replace(FINEST, options=FINEST.options[::-1], tags=('clay',))
    for keeps_better, expected in (True, (7, 4, 0)), (False, (7, 4, 3)):
        assert await tried(klass, question_id, turned, keeps_better=keeps_better) == expected
    await database.write(regrading.edit, klass.teacher, question_id, turned, change=Change.REGRADE, keeps_better=False)
    await class_answers.grade_all()
    await database.write(sessions.end, klass.teacher, klass.course_id)
    await class_answers.grade_all()

    assert await in_classes(klass, question_id) == (4, 7, 57), 'four of seven, those too that were given before'
    after = await shown(klass, lena)
    assert list(after) == ['clay'], 'the question has another tag now'
    assert (after['clay'].percent or 0) > (before or 0)
    await assert_log_and_projections_agree()


async def test_a_dry_run_says_what_a_change_then_means_for_classes(klass: ClassAtHand) -> None:
    lena, otto, pia = klass.learners
    question_id = await in_bank(klass)
    await ask(klass, question_id, (lena, CLAY), (otto, SAND), (pia, None))
    sand_too = replace(
        FINEST, options=(Option(text='Clay'), Option(text='Sand', credit=WHOLE), Option(text='Silt', credit=WHOLE // 2))
    )
    gone = replace(FINEST, options=(*FINEST.options[:1], Option(text='Loam')))
    changes = (
        (sand_too, Change.FROM_NOW_ON, (2, 0, 0)),
        (sand_too, Change.ACCEPT_BOTH, (2, 1, 0)),
        (FINEST, Change.REGRADE, (2, 0, 0)),
        (gone, Change.REGRADE, (2, 0, 0)),
        (gone, Change.FULL_CREDIT, (2, 0, 0)),
    )
    assert await in_classes(klass, question_id) == (1, 2, 50)
    for content, change, expected in changes:
        assert await tried(klass, question_id, content, change=change) == expected, change
        await database.write(regrading.edit, klass.teacher, question_id, content, change=change)
        await class_answers.grade_all()
    assert await in_classes(klass, question_id) == (1, 2, 100)


async def test_from_now_on_changes_nothing_that_a_class_has_answered(klass: ClassAtHand) -> None:
    question_id = await in_bank(klass)
    await ask(klass, question_id, (klass.learner, CLAY))
    turned = replace(FINEST, options=(Option(text='Clay'), Option(text='Sand', credit=WHOLE), Option(text='Silt')))
    await database.write(regrading.edit, klass.teacher, question_id, turned)
    await class_answers.grade_all()
    assert await in_classes(klass, question_id) == (1, 1, 100)
    await ask(klass, question_id, (klass.learner, CLAY))
    assert await in_classes(klass, question_id) == (2, 2, 50), 'each answer is compared with the version that was asked'


async def test_only_the_latest_times_count(klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch) -> None:
    question_id = await in_bank(klass)
    assert await in_classes(klass, question_id) is None
    await ask(klass, question_id, (klass.learner, SAND))
    await ask(klass, question_id, (klass.learner, CLAY))
    monkeypatch.setattr(class_answers, 'MOST_TIMES', 1)
    assert await in_classes(klass, question_id) == (2, 1, 100)
    for nobody in klass.learner, await an_instructor(email=f'{uuid4().hex}@example.org'):
        with pytest.raises(NotFound):
            await database.read(class_answers.of_question, nobody, question_id)


async def test_an_answer_under_two_names_counts_once_for_the_person(klass: ClassAtHand) -> None:
    person, guest, _ = klass.learners
    question_id = await in_bank(klass)
    await ask(klass, question_id, (person, SAND), (guest, CLAY))
    ids = {'guest_id': guest.user_id, 'into_id': person.user_id}
    await database.write(merging.merge, klass.teacher, klass.course_id, **ids)
    assert (await shown(klass, person))['soil'].answers == 1
    assert await in_classes(klass, question_id) == (1, 1, 100), 'the later answer counts'
    await assert_log_and_projections_agree()
    await database.write(merging.unmerge, klass.teacher, klass.course_id, guest_id=guest.user_id)
    assert [(await shown(klass, who))['soil'].answers for who in (person, guest)] == [1, 1]
    await assert_log_and_projections_agree()


async def test_what_is_erased_is_not_graded_again(klass: ClassAtHand) -> None:
    question_id = await in_bank(klass)
    await ask(klass, question_id, (klass.learner, CLAY), (klass.learners[1], CLAY))
    admin = await an_admin()
    await erasing.erase(admin, klass.learner.user_id)
    await erasing.purge(klass.learner.user_id)
    turned = replace(FINEST, options=(Option(text='Clay'), Option(text='Sand', credit=WHOLE), Option(text='Silt')))
    await database.write(regrading.edit, klass.teacher, question_id, turned, change=Change.REGRADE, keeps_better=False)
    await class_answers.grade_all()
    assert await in_classes(klass, question_id) == (1, 2, 50)
    emptied = select(col(LiveAnswer.credit)).where(col(LiveAnswer.answer).is_(None))
    assert await database.read(lambda tx: tx.session.scalars(emptied).all()) == [WHOLE]
    await assert_log_and_projections_agree()


async def test_a_large_class_is_graded_in_slices_and_recorded_once(
    klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_answers, 'AT_ONCE', 2)
    question_id = await in_bank(klass, HOW_ACID)
    await ask(klass, question_id, *((who, Answer(text='7')) for who in klass.learners))
    await class_answers.grade_all()
    said = await database.read(log.read, col(log.Activity.verb) == Verb.SKILLS_SHOWN)
    assert sorted(each.user_id for each in said) == sorted(who.user_id for who in klass.learners)


async def test_item_analysis_has_the_answers_of_classes_beside_those_of_the_quiz(klass: ClassAtHand) -> None:
    quiz = await a_quiz(klass=klass, questions=[FINEST, NAME_IT])
    await take(quiz, [WRONG[0], RIGHT[2]])
    lena, otto, pia = klass.learners
    await ask(klass, quiz.question_ids[0], (lena, CLAY), (otto, CLAY), (pia, SILT))
    said = await database.read(question_results.analysis, quiz.teacher, quiz.checkpoint_id)
    soil, named = said.questions
    assert said.attempts == 1
    assert soil.in_classes
    assert (soil.in_classes.answered, soil.in_classes.right_percent) == (3, 66)
    assert soil.in_classes.facility == pytest.approx(2 / 3)
    assert named.in_classes is None
