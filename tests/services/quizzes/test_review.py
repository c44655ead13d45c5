"""What learners see of their attempts, and when: never earlier than the quiz says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Attempt, AttemptAnswer, AttemptState, CheckpointKind, Quiz, Reveal
from services.core import clock, database
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.quizzes import attempts, closing, limits, past, revealing, review
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer
from services.quizzes.quiz_settings import Band, Rules
from services.quizzes.review import Verdict
from tests.factories.quizzes import FINEST, HOW_ACID, RIGHT, WHY, WRONG, QuizAtHand, a_quiz, begin, give, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q8'), pytest.mark.both_databases]

ALL_AT_ONCE = Rules(
    shows_score=Reveal.AFTER_SUBMIT,
    shows_right=Reveal.AFTER_SUBMIT,
    shows_solution=Reveal.AFTER_SUBMIT,
    shows_feedback=Reveal.AFTER_SUBMIT,
    attempts_allowed=1,
    bands=(Band(from_percent=80, text='*Well done*'), Band(from_percent=0, text='Read page 4 again.')),
)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the one clock on."""

    def move(by: timedelta) -> None:
        now = clock.now
        monkeypatch.setattr(clock, 'now', lambda: now() + by)

    return move


async def test_everything_is_there_once_it_may_be() -> None:
    quiz = await a_quiz(questions=(FINEST, HOW_ACID), rules=ALL_AT_ONCE)
    shown = await database.read(review.review, quiz.learner, await take(quiz, [RIGHT[0], WRONG[1]]))

    assert (shown.score, shown.is_passed, shown.earned, shown.possible) == (66, True, Decimal(2), Decimal(3))
    assert shown.band == 'Read page 4 again.'
    clay, acid = shown.questions
    assert clay.asked.answer == RIGHT[0]
    assert (clay.shown.verdict, clay.shown.points) == (Verdict.RIGHT, Decimal(2))
    assert clay.shown.feedback == ('Its parts are below 0.002 mm.', 'Clay holds water.')
    assert clay.shown.solution
    assert clay.shown.solution.options == (0,)
    assert (acid.shown.verdict, acid.shown.points, acid.shown.feedback) == (Verdict.WRONG, Decimal(0), ())
    assert acid.shown.solution
    assert acid.shown.solution.numbers[0].value == Decimal(7)


async def test_an_attempt_that_goes_on_or_is_anothers_is_not_reviewed() -> None:
    quiz = await a_quiz(learners=('Lena Learner', 'Otto Other'))
    attempt_id = await begin(quiz)
    with pytest.raises(Refused, match='still going on'):
        await database.read(review.review, quiz.learner, attempt_id)
    await database.write(closing.submit, quiz.learner, attempt_id)
    for other in (quiz.klass.learners[1], quiz.teacher):
        with pytest.raises(NotFound):
            await database.read(review.review, other, attempt_id)


async def test_what_a_teacher_says_comes_with_the_grade() -> None:
    quiz = await a_quiz(questions=(FINEST, WHY), rules=ALL_AT_ONCE)
    attempt_id = await take(quiz, [RIGHT[0], Answer(text='Because of large pores.')])
    await database.write(_say, attempt_id, graded=False)
    waiting = await database.read(review.review, quiz.learner, attempt_id)
    assert (waiting.score, waiting.is_graded, waiting.feedback, waiting.band) == (None, False, None, None)
    assert waiting.questions[1].shown.verdict is Verdict.WAITING
    assert waiting.questions[1].shown.remark is None

    await database.write(_say, attempt_id, graded=True)
    graded = await database.read(review.review, quiz.learner, attempt_id)
    assert (graded.score, graded.feedback, graded.band) == (66, 'Go on like this.', 'Read page 4 again.')
    assert (graded.questions[1].shown.verdict, graded.questions[1].shown.remark) == (Verdict.PARTLY, 'Which pores?')


def _say(tx: Transaction, attempt_id: int, *, graded: bool) -> None:
    attempt = tx.session.get_one(Attempt, attempt_id)
    attempt.feedback = 'Go on like this.'
    row = tx.session.get_one(AttemptAnswer, (attempt_id, 1))
    row.remark = 'Which pores?'
    row.credit = WHOLE // 2 if graded else None
    tx.session.flush()
    closing.count(tx, [attempt])


async def test_after_each_answer_only_what_may_be_seen_then() -> None:
    rules = Rules(shows_right=Reveal.AFTER_ANSWER, shows_solution=Reveal.AFTER_SUBMIT)
    quiz = await a_quiz(questions=(FINEST, HOW_ACID), rules=rules)
    attempt_id = await begin(quiz)
    with pytest.raises(NotFound, match='not been checked'):
        await database.read(review.checked, quiz.learner, attempt_id, 0)
    await give(quiz, attempt_id, 0, WRONG[0])
    shown = await database.read(review.checked, quiz.learner, attempt_id, 0)
    assert (shown.verdict, shown.points, shown.solution, shown.feedback) == (Verdict.WRONG, None, None, None)
    assert set(await database.read(review.all_checked, quiz.learner, attempt_id)) == {0}


async def test_a_quiz_closes_when_it_has_closed_for_the_last_one(later: Callable[[timedelta], None]) -> None:
    """Who is done could tell the others what is right."""
    hour = timedelta(hours=1)
    rules = replace(ALL_AT_ONCE, closes_at=clock.now() + hour, shows_solution=Reveal.AFTER_CLOSE)
    quiz = await a_quiz(rules=rules, learners=('Lena Learner', 'Otto Other'))
    attempt_id = await take(quiz)
    otto = quiz.klass.learners[1].user_id
    await database.write(limits.agree, quiz.teacher, quiz.checkpoint_id, user_id=otto, closes_at=clock.now() + 3 * hour)

    async def sees_solution() -> bool:
        shown = await database.read(review.review, quiz.learner, attempt_id)
        assert shown.is_more_to_come is not shown.sees.solution
        return all(each.shown.solution is not None for each in shown.questions)

    assert not await sees_solution()
    later(2 * hour)
    assert not await sees_solution()
    later(hour)
    assert not await sees_solution()
    later(timedelta(seconds=20))
    assert await sees_solution()


async def test_a_quiz_without_an_end_is_over_when_it_was_due(later: Callable[[timedelta], None]) -> None:
    quiz = await a_quiz(rules=replace(ALL_AT_ONCE, shows_score=Reveal.AFTER_CLOSE))
    attempt_id = await take(quiz)
    assert (await database.read(review.review, quiz.learner, attempt_id)).score is None
    details = Details(title='Soil quiz', kind=CheckpointKind.QUIZ, due_at=clock.now() + timedelta(days=1))
    await database.write(checkpoints.edit, quiz.teacher, quiz.checkpoint_id, details=details)
    assert (await database.read(review.review, quiz.learner, attempt_id)).score is None
    (past,) = (await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)).past
    assert (past.score, past.is_passed) == (None, None)
    later(timedelta(days=2))
    assert (await database.read(review.review, quiz.learner, attempt_id)).score == 100
    (past,) = (await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)).past
    assert (past.score, past.is_passed) == (100, True)


async def a_quiz_that_was_due(
    later: Callable[[timedelta], None],
    *,
    while_going_on: bool = False,
    has_passed: bool = True,
    rules: Rules = Rules(shows_solution=Reveal.AFTER_CLOSE),  # noqa: B008 - it never changes
) -> tuple[QuizAtHand, int]:
    """Return a quiz with a due date and no end, which Lena has handed in in time; its key is shown after its close."""
    quiz = await a_quiz(rules=rules, learners=('Lena', 'Otto'))
    details = Details(title='Soil quiz', kind=CheckpointKind.QUIZ, due_at=clock.now() + timedelta(days=1))
    await database.write(checkpoints.edit, quiz.teacher, quiz.checkpoint_id, details=details)
    first = await take(quiz, RIGHT if has_passed else WRONG)
    if while_going_on:
        await begin(quiz)
    later(timedelta(days=2))
    return quiz, first


async def sees_key(quiz: QuizAtHand, attempt_id: int) -> bool:
    shown = await database.read(review.review, quiz.learner, attempt_id)
    return all(each.shown.solution is not None for each in shown.questions)


async def test_who_is_shown_the_key_since_the_due_date_cannot_try_again(later: Callable[[timedelta], None]) -> None:
    quiz, first = await a_quiz_that_was_due(later)
    assert await sees_key(quiz, first)
    offer = await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)
    assert 'what is right' in str(offer.problem)
    assert (offer.attempts_left, (await database.read(review.seen, quiz.learner, first)).attempts_left) == (0, 0)
    with pytest.raises(Refused, match='Ask your instructor'):
        await begin(quiz)

    _, otto = quiz.klass.learners  # who has not handed in knows nothing, and is late
    assert (await database.read(attempts.offer, otto, quiz.checkpoint_id)).problem is None
    late = await take(quiz, RIGHT, by=otto)
    assert (await database.read(review.review, otto, late)).sees.solution


@pytest.mark.both_databases
@pytest.mark.parametrize('attempts_allowed', [None, 2])
async def test_who_has_failed_goes_on_trying_after_the_due_date_without_the_key(
    later: Callable[[timedelta], None], attempts_allowed: int | None
) -> None:
    rules = Rules(shows_solution=Reveal.AFTER_CLOSE, attempts_allowed=attempts_allowed)
    quiz, first = await a_quiz_that_was_due(later, has_passed=False, rules=rules)
    assert not await sees_key(quiz, first)
    assert (await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)).problem is None

    second = await take(quiz, RIGHT)

    assert await sees_key(quiz, first)
    assert await sees_key(quiz, second)
    with pytest.raises(Refused, match='what is right'):
        await begin(quiz)


@pytest.mark.parametrize(
    'rules',
    [
        Rules(shows_solution=Reveal.AFTER_CLOSE, attempts_allowed=1),
        Rules(shows_solution=Reveal.AFTER_CLOSE, shows_score=Reveal.NEVER),
        Rules(shows_solution=Reveal.AFTER_CLOSE, shows_score=Reveal.AFTER_CLOSE),
    ],
)
async def test_the_key_is_for_those_who_have_no_attempt_left_or_are_not_told_whether_they_have_passed(
    later: Callable[[timedelta], None], rules: Rules
) -> None:
    quiz, first = await a_quiz_that_was_due(later, has_passed=False, rules=rules)
    assert await sees_key(quiz, first)
    with pytest.raises(Refused, match='what is right'):
        await begin(quiz)


async def test_the_key_waits_for_an_attempt_that_goes_on_when_it_is_due(later: Callable[[timedelta], None]) -> None:
    quiz, first = await a_quiz_that_was_due(later, while_going_on=True)
    assert not await sees_key(quiz, first)
    second = await begin(quiz)
    await database.write(closing.submit, quiz.learner, second)
    assert await sees_key(quiz, first)


async def test_who_gets_another_end_after_the_due_date_is_shown_the_key_after_it(
    later: Callable[[timedelta], None],
) -> None:
    quiz, first = await a_quiz_that_was_due(later)
    end = clock.now() + timedelta(hours=1)
    who = quiz.learner.user_id
    await database.write(limits.agree, quiz.teacher, quiz.checkpoint_id, user_id=who, closes_at=end)
    assert not await sees_key(quiz, first)
    await take(quiz, RIGHT)
    later(timedelta(hours=2))
    assert await sees_key(quiz, first)
    with pytest.raises(Refused):
        await begin(quiz)


async def sees_solution(quiz: QuizAtHand, attempt_id: int) -> bool:
    shown = await database.read(review.review, quiz.learner, attempt_id)
    assert shown.waits_for_last is not shown.sees.solution
    assert not shown.is_more_to_come
    return all(each.shown.solution is not None for each in shown.questions)


TWO = replace(ALL_AT_ONCE, attempts_allowed=2)


async def test_what_would_have_been_right_waits_for_the_last_attempt() -> None:
    """The best attempt counts: who had read the key after the first would hand in the key as the second."""
    quiz = await a_quiz(rules=TWO)
    first = await take(quiz, WRONG)
    assert not await sees_solution(quiz, first)
    second = await begin(quiz)
    assert not await sees_solution(quiz, first)  # none is left to begin, and one goes on
    await database.write(closing.submit, quiz.learner, second)
    assert await sees_solution(quiz, first)
    assert await sees_solution(quiz, second)


async def test_who_is_given_another_attempt_waits_again() -> None:
    quiz = await a_quiz(rules=replace(ALL_AT_ONCE, attempts_allowed=1))
    first = await take(quiz, WRONG)
    assert await sees_solution(quiz, first)
    who = quiz.learner.user_id
    await database.write(limits.agree, quiz.teacher, quiz.checkpoint_id, user_id=who, attempts_allowed=2)
    assert not await sees_solution(quiz, first)


@pytest.mark.parametrize('attempts_allowed', [None, 2])
@pytest.mark.parametrize('knows_score', [True, False])
async def test_who_knows_that_everything_is_right_sees_it_with_attempts_left(
    attempts_allowed: int | None, knows_score: bool
) -> None:
    shows_score = Reveal.AFTER_SUBMIT if knows_score else Reveal.NEVER
    quiz = await a_quiz(rules=replace(ALL_AT_ONCE, attempts_allowed=attempts_allowed, shows_score=shows_score))
    assert await sees_solution(quiz, await take(quiz, RIGHT)) is knows_score


async def test_practice_shows_what_would_have_been_right_each_time() -> None:
    quiz = await a_quiz(rules=replace(ALL_AT_ONCE, attempts_allowed=None, is_practice=True))
    assert await sees_solution(quiz, await take(quiz, WRONG))
    assert await sees_solution(quiz, await take(quiz, WRONG))


async def test_the_key_of_an_attempt_with_another_after_it_is_there_when_the_quiz_has_closed(
    later: Callable[[timedelta], None],
) -> None:
    quiz = await a_quiz(rules=replace(TWO, closes_at=clock.now() + timedelta(hours=1)))
    first = await take(quiz, WRONG)
    assert not await sees_solution(quiz, first)
    later(timedelta(hours=2))
    assert await sees_solution(quiz, first)


async def test_since_the_due_date_a_key_after_handing_in_ends_the_tries_of_those_who_have_passed(
    later: Callable[[timedelta], None],
) -> None:
    rules = replace(TWO, attempts_allowed=3, passing_percent=40)
    quiz, first = await a_quiz_that_was_due(later, has_passed=False, rules=rules)
    assert not await sees_solution(quiz, first)
    await take(quiz, (RIGHT[0], WRONG[1]))
    assert await sees_solution(quiz, first)
    with pytest.raises(Refused, match='what is right'):
        await begin(quiz)


@pytest.mark.parametrize('attempts_allowed', [1, 2])
async def test_what_is_checked_at_once_tells_the_key_in_the_last_attempt_only(attempts_allowed: int) -> None:
    rules = Rules(
        shows_right=Reveal.AFTER_ANSWER, shows_solution=Reveal.AFTER_ANSWER, attempts_allowed=attempts_allowed
    )
    quiz = await a_quiz(questions=(FINEST, HOW_ACID), rules=rules)
    for number in range(1, attempts_allowed + 1):
        attempt_id = await begin(quiz)
        await give(quiz, attempt_id, 0, WRONG[0])
        shown = await database.read(review.checked, quiz.learner, attempt_id, 0)
        assert shown.verdict is Verdict.WRONG
        assert (shown.solution is not None) is (number == attempts_allowed)
        await database.write(closing.submit, quiz.learner, attempt_id)


# ------------------------------------------------------------------------------------------- the key never leaves early

RIGHTS, SAID, SCORE = 'qqrightqq', 'qqsaidqq', 'qqbandqq'
"""planted into what is right, into what is said about answers, and into what a score is told"""

PLANTED = (
    Question(
        kind=QuestionKind.SINGLE_CHOICE,
        text='One?',
        options=(Option(text='a', credit=WHOLE, feedback=SAID), Option(text='b', feedback=SAID)),
        feedback_right=SAID,
        feedback_partly=SAID,
        feedback_wrong=SAID,
        feedback=SAID,
    ),
    Question(
        kind=QuestionKind.NUMERIC,
        text='How many?',
        numbers=(NumberAnswer(value=Decimal(700700), feedback=SAID),),
        feedback=SAID,
    ),
    Question(kind=QuestionKind.SHORT_TEXT, text='What?', texts=(TextAnswer(pattern=f'*{RIGHTS}*', feedback=SAID),)),
    Question(kind=QuestionKind.ESSAY, text='Why?', graders_note=RIGHTS, feedback=SAID),
    Question(
        kind=QuestionKind.MATCHING,
        text='Which?',
        pairs=(Pair(left='x', right='1'), Pair(left='y', right='2')),
        feedback_wrong=SAID,
    ),
)
WRONGS = Answer(chosen=(1,)), Answer(text='5'), Answer(text='sand'), Answer(text='So.'), Answer(pairs=(1, 0))
BANDS = (Band(from_percent=0, text=SCORE),)


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that a learner's side is ever handed, at one moment."""

    text: str
    verdicts: bool
    solutions: bool
    scores: bool


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(*[st.sampled_from(Reveal)] * 4))
def test_a_reveal_is_the_same_rule_everywhere(reveals: tuple[Reveal, Reveal, Reveal, Reveal]) -> None:
    """What may be seen only grows: during, after submitting, after closing."""
    rules = Rules(**dict(zip(_NAMES, reveals, strict=True)))  # type: ignore[arg-type]
    moments = (
        revealing.of_answer(rules),
        revealing.of_submitted(rules, is_over=False),
        revealing.of_submitted(rules, is_over=True),
    )
    for reveal, name in zip(reveals, ('score', 'right', 'solution', 'feedback'), strict=True):
        seen = [getattr(moment, name) for moment in moments]
        assert seen == [reveal is Reveal.AFTER_ANSWER, reveal in _BY_SUBMIT, reveal is not Reveal.NEVER]


_PLACES = tuple(Reveal)
WAYS = [
    *(tuple(_PLACES[n] for n in (a, b, a ^ b, a ^ (0, 2, 3, 1)[b])) for a, b in product(range(4), repeat=2)),
    *((each,) * 4 for each in Reveal),
]
"""every two of the four settings in every combination, and all four alike"""
_NAMES = 'shows_score', 'shows_right', 'shows_solution', 'shows_feedback'
_BY_SUBMIT = {Reveal.AFTER_ANSWER, Reveal.AFTER_SUBMIT}


@pytest.mark.parametrize('at_once', [False, True])
async def test_nothing_planted_leaves_before_it_may(at_once: bool, later: Callable[[timedelta], None]) -> None:
    """Many ways to set up what is shown, at every moment, over all that a learner is handed."""
    quiz = await a_quiz(questions=PLANTED, rules=_rules((Reveal.AFTER_ANSWER if at_once else Reveal.NEVER,) * 4))
    assert_nothing_early(quiz, await seen_in_all(quiz, None), 'before')
    attempt_id = await begin(quiz)
    assert_nothing_early(quiz, await seen_in_all(quiz, attempt_id), 'begun')
    for position, answer in enumerate(WRONGS):
        await give(quiz, attempt_id, position, answer)
    assert_nothing_early(quiz, await seen_in_all(quiz, attempt_id), 'during')
    await database.write(closing.submit, quiz.learner, attempt_id)
    await database.write(_remark, attempt_id)
    assert_nothing_early(quiz, await seen_in_all(quiz, attempt_id), 'submitted')
    later(timedelta(hours=2))
    assert_nothing_early(quiz, await seen_in_all(quiz, attempt_id), 'closed')


Reveals = tuple[Reveal, ...]


def _rules(reveals: Reveals) -> Rules:
    return Rules(bands=BANDS, closes_at=_CLOSES, attempts_allowed=1, **dict(zip(_NAMES, reveals, strict=True)))  # type: ignore[arg-type]


_CLOSES = clock.now() + timedelta(hours=1)


async def seen_in_all(quiz: QuizAtHand, attempt_id: int | None) -> dict[Reveals, Seen]:
    """Return what is seen at this moment under each of the ways to set up what is shown."""

    def look(tx: Transaction) -> dict[Reveals, Seen]:
        seen = {}
        row = tx.session.get_one(Quiz, quiz.checkpoint_id)
        for reveals in WAYS:
            for name, reveal in zip(_NAMES, reveals, strict=True):
                setattr(row, name, reveal)
            tx.session.flush()
            seen[reveals] = _seen(tx, quiz, attempt_id)
        tx.session.refresh(row)
        return seen

    class _Undone(Exception):
        pass

    kept: dict[Reveals, Seen] = {}

    def look_and_undo(tx: Transaction) -> None:
        kept.update(look(tx))
        raise _Undone

    with pytest.raises(_Undone):
        await database.write(look_and_undo)
    return kept


def _seen(tx: Transaction, quiz: QuizAtHand, attempt_id: int | None) -> Seen:
    offer = attempts.offer(tx, quiz.learner, quiz.checkpoint_id)
    own = past.own(tx, quiz.learner.user_id, quiz.checkpoint_id)
    handed: list[object] = [offer.past, own, offer.description, offer.problem, offer.title]
    scores = [each.score for each in (*offer.past, *own)] + [each.is_passed for each in (*offer.past, *own)]
    shown: list[review.Shown] = []
    if attempt_id is not None and tx.session.get_one(Attempt, attempt_id).state is AttemptState.IN_PROGRESS:
        paper = attempts.paper(tx, quiz.learner, attempt_id)
        handed += [replace(paper, rules=Rules())]
        shown = list(review.all_checked(tx, quiz.learner, attempt_id).values())
    elif attempt_id is not None:
        reviewed = review.review(tx, quiz.learner, attempt_id)
        handed += [reviewed]
        scores += [reviewed.score, reviewed.is_passed, reviewed.earned]
        shown = [each.shown for each in reviewed.questions]
    handed += shown
    return Seen(
        text=repr(handed),
        verdicts=any(each.verdict is not None for each in shown),
        solutions=any(each.solution is not None for each in shown),
        scores=any(each is not None for each in (*scores, *(each.points for each in shown))),
    )


def assert_nothing_early(quiz: QuizAtHand, seen: dict[Reveals, Seen], moment: str) -> None:
    may = {
        'before': set(),
        'begun': set(),
        'during': {Reveal.AFTER_ANSWER},
        'submitted': _BY_SUBMIT,
        'closed': {*_BY_SUBMIT, Reveal.AFTER_CLOSE},
    }[moment]
    for (score, right, solution, said), each in seen.items():
        where = moment, score, right, solution, said
        if solution not in may:
            assert not each.solutions, where
            assert RIGHTS not in each.text, where
            assert '700700' not in each.text, where
        if right not in may:
            assert not each.verdicts, where
        if said not in may:
            assert SAID not in each.text, where
        if score not in may:
            assert not each.scores, where
        if score not in may or said not in may:
            assert SCORE not in each.text, where
    if moment in {'submitted', 'closed'}:  # and what may be seen is seen
        everything = seen[(Reveal.AFTER_SUBMIT,) * 4]
        assert (everything.solutions, everything.verdicts, everything.scores) == (True, True, True)
        assert all(planted in everything.text for planted in (RIGHTS, '700700', SAID, SCORE))


def _remark(tx: Transaction, attempt_id: int) -> None:
    """Have a person grade the essay, and say something."""
    attempt = tx.session.get_one(Attempt, attempt_id)
    attempt.feedback = SAID
    essay = tx.session.get_one(AttemptAnswer, (attempt_id, 3))
    essay.credit, essay.remark = 0, SAID
    tx.session.flush()
    closing.count(tx, [attempt])
