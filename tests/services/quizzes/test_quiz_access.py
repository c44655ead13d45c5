"""Who may do what with questions, quizzes and attempts: every verb, tried by everybody on the same quiz."""

import inspect
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest

from services.access import Actor
from services.core import database
from services.core.errors import DomainError, NotFound, NotSignedIn
from services.core.transaction import Transaction
from services.enums import Change
from services.quizzes import (
    adapting,
    attempt_in_full,
    attempt_record,
    attempts,
    bank,
    circumstances,
    closing,
    dry_runs,
    exporting,
    importing,
    limits,
    marking,
    previewing,
    question_results,
    quiz_settings,
    regrading,
    results,
    review,
    skills,
)
from services.quizzes.quiz_settings import Fixed, Rules
from tests.factories.classes import a_course
from tests.factories.people import a_parent, a_student, an_admin, another_device, sign_out
from tests.factories.quizzes import FINEST, HOW_ACID, RIGHT, QuizAtHand, a_quiz, begin, take
from tests.support.school import ABSENT

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A2', 'Q8')]

Verb = Callable[..., object]


class Allowed(DomainError):
    """Raised after a verb was let through, so that everything is undone and the next person finds all as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A quiz with an attempt that was submitted and one that goes on, and who is who."""

    quiz: QuizAtHand
    submitted: int
    going_on: int
    unused: int
    """a question that is in no quiz"""
    people: dict[str, Actor | None]


COURSE: list[tuple[Verb, dict[str, object]]] = [
    (bank.of_course, {}),
    (bank.add, {'question': HOW_ACID}),
    (bank.add_many, {'questions': [HOW_ACID]}),
    (importing.plan, {'questions': [HOW_ACID]}),
    (importing.bring_in, {'questions': [HOW_ACID]}),
    (exporting.of_course, {}),
    (marking.piles, {}),
]
QUESTION: list[tuple[Verb, dict[str, object]]] = [
    (bank.one, {}),
    (bank.taught, {}),
    (bank.new_version, {'question': HOW_ACID}),
    (bank.duplicate, {}),
    (bank.delete, {}),
    (dry_runs.of_change, {'content': FINEST, 'change': Change.FULL_CREDIT}),
    (regrading.edit, {'content': FINEST}),
    (marking.remarks, {}),
    (results.wrong_answers, {}),
]
QUIZ: list[tuple[Verb, dict[str, object]]] = [
    (quiz_settings.of_checkpoint, {}),
    (quiz_settings.set_rules, {'rules': Rules()}),
    (quiz_settings.set_items, {'items': []}),
    (quiz_settings.set_up, {'rules': Rules(), 'items': []}),
    (quiz_settings.publish, {'published': False}),
    (previewing.of_quiz, {}),
    (results.of_quiz, {}),
    (question_results.analysis, {}),
    (results.wrong_in_quiz, {}),
    (limits.agreed, {}),
]
ATTEMPT: list[tuple[Verb, dict[str, object]]] = [
    (attempts.taught_attempt, {}),
    (attempt_in_full.of_learner, {}),
    (attempt_record.of_attempt, {}),
    (marking.grade, {'position': 0, 'points': Decimal(1)}),
    (marking.say, {'feedback': 'Well done.'}),
]
OWN_GOING_ON: list[tuple[Verb, dict[str, object]]] = [
    (adapting.why, {}),
    (attempts.paper, {}),
    (attempts.end_of, {}),
    (attempts.go_to, {'position': 0}),
    (attempts.own_attempt, {}),
    (circumstances.come_back, {}),
    (closing.submit, {}),
    (review.going_on, {}),
    (review.all_checked, {}),
    (review.seen, {}),
]
OWN_SUBMITTED: list[tuple[Verb, dict[str, object]]] = [(review.review, {}), (review.seen, {})]
LEFT_OUT = {
    'services.quizzes.adapting.go_on': 'needs a quiz that adapts: see test_adapting.py',
    'services.quizzes.adapting.next_place': 'needs a quiz that adapts: see test_adapting.py',
    'services.quizzes.attempts.offer': 'is for all who teach or learn there: see test_attempts.py',
    'services.quizzes.attempts.start': 'says Not enrolled to others: see test_attempts.py',
    'services.quizzes.circumstances.begin': 'goes through attempts.start: see test_circumstances.py',
    'services.quizzes.bank.restore': 'goes through bank.taught, with a deleted question: see test_bank_page.py',
    'services.quizzes.review.checked': 'goes through all_checked, and needs an answer: see test_review.py',
    'services.quizzes.regrading.accept_too': 'goes through bank.one and edit: see test_regrading.py',
}
TEACHING = {'owner', 'admin'}


async def test_what_those_who_teach_may() -> None:
    scene = await a_scene()
    wrong = []
    for verbs, thing in [
        (COURSE, scene.quiz.klass.course_id),
        (QUESTION, scene.unused),
        (QUIZ, scene.quiz.checkpoint_id),
        (ATTEMPT, scene.submitted),
    ]:
        for verb, arguments in verbs:
            wrong += [each async for each in tried(scene, verb, thing, arguments, allowed=TEACHING)]

    assert wrong == []


async def test_items_and_exceptions_too() -> None:
    scene = await a_scene()
    item = {'item': Fixed(question_id=scene.unused)}
    learner = {'user_id': scene.quiz.learner.user_id, 'minutes': 40}
    wrong = [
        each async for each in tried(scene, quiz_settings.add_item, scene.quiz.checkpoint_id, item, allowed=TEACHING)
    ]
    wrong += [each async for each in tried(scene, limits.agree, scene.quiz.checkpoint_id, learner, allowed=TEACHING)]
    desk = {'question_id': scene.quiz.question_ids[0]}
    wrong += [each async for each in tried(scene, marking.on_desk, scene.quiz.checkpoint_id, desk, allowed=TEACHING)]
    whose = {'user_id': scene.quiz.learner.user_id}
    may_know = TEACHING | {'learner'}
    wrong += [
        each async for each in tried(scene, skills.of_learner, scene.quiz.klass.course_id, whose, allowed=may_know)
    ]

    assert wrong == []


async def test_an_attempt_is_its_learners_alone() -> None:
    scene = await a_scene()
    wrong = []
    for verbs, thing in [(OWN_GOING_ON, scene.going_on), (OWN_SUBMITTED, scene.submitted)]:
        who = 'another learner' if thing == scene.going_on else 'learner'
        for verb, arguments in verbs:
            wrong += [each async for each in tried(scene, verb, thing, arguments, allowed={who})]

    assert wrong == []


def test_no_verb_is_left_out() -> None:
    tried_here = {*dict(COURSE + QUESTION + QUIZ + ATTEMPT + OWN_GOING_ON + OWN_SUBMITTED)}
    tried_here |= {quiz_settings.add_item, limits.agree, marking.on_desk, skills.of_learner}
    modules = [
        adapting, attempt_in_full, attempt_record, attempts, bank, circumstances, closing, exporting, importing,
        limits, marking, previewing, quiz_settings, regrading, results, review, skills,
    ]  # fmt: skip
    verbs = {
        verb
        for module in modules
        for verb in vars(module).values()
        if inspect.isfunction(verb) and verb.__module__ == module.__name__ and not verb.__name__.startswith('_')
        if 'actor' in inspect.signature(verb).parameters
    }

    left = {f'{verb.__module__}.{verb.__name__}' for verb in verbs - tried_here}
    assert left == set(LEFT_OUT)


async def tried(
    scene: Scene, verb: Verb, thing: int, arguments: dict[str, object], *, allowed: set[str]
) -> AsyncIterator[str]:
    """Yield what came out otherwise than it should."""
    for who, actor in scene.people.items():
        expected = Allowed if who in allowed else NotSignedIn if who in {'nobody', 'signed out'} else NotFound
        found = await outcome(verb, actor, thing, arguments)
        if found is not expected:
            yield f'{verb.__module__}.{verb.__name__} by {who}: {found.__name__}, not {expected.__name__}'
    absent = await outcome(verb, scene.quiz.teacher, ABSENT, arguments)
    if absent is not NotFound:
        yield f'{verb.__module__}.{verb.__name__} of what is not there: {absent.__name__}'


async def outcome(verb: Verb, actor: Actor | None, thing: int, arguments: dict[str, object]) -> type[DomainError]:
    def attempt(tx: Transaction) -> None:
        verb(tx, actor, thing, **arguments)
        raise Allowed('so far, so good')

    try:
        await database.write(attempt)
    except DomainError as refusal:
        return type(refusal)
    raise AssertionError('it is either allowed or refused')


async def a_scene() -> Scene:
    quiz = await a_quiz(learners=['Lena Learner', 'Otto Other'])
    submitted = await take(quiz, RIGHT)
    going_on = await begin(quiz, by=quiz.klass.learners[1])
    unused = await database.write(bank.add, quiz.teacher, quiz.klass.course_id, FINEST)
    gone = await another_device(of=quiz.teacher)
    await sign_out(actor=gone)
    return Scene(
        quiz=quiz,
        submitted=submitted,
        going_on=going_on,
        unused=unused,
        people={
            'nobody': None,
            'signed out': gone,
            'learner': quiz.learner,
            'another learner': quiz.klass.learners[1],
            'student elsewhere': await a_student(),
            'instructor elsewhere': (await a_course(title='Water')).teacher,
            'parent': await a_parent(of=quiz.learner),
            'parent of another learner': await a_parent(of=quiz.klass.learners[1]),
            'owner': quiz.teacher,
            'admin': await an_admin(),
        },
    )
