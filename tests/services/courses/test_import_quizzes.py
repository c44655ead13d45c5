"""Questions and quizzes in a course file: as people read them, what is wrong in which line, and the way back."""

from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import Checkpoint, CheckpointKind, Course, Quiz, Reveal
from services.core import database
from services.core.errors import Invalid
from services.core.transaction import Transaction
from services.courses import checkpoints, export_file, file_nodes
from services.courses.checkpoints import Details
from services.courses.draft import RULE_WORDS
from services.courses.import_file import BrokenFile, read
from services.quizzes import bank, checking, quiz_settings
from services.quizzes.question import (
    WHOLE,
    CreditRule,
    NumberAnswer,
    Option,
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
    Tolerance,
)
from services.quizzes.quiz_settings import Band, Draw, Fixed, QuizItem, Rules
from tests.factories.classes import a_course
from tests.factories.people import an_instructor
from tests.factories.quizzes import HOW_ACID, RUBRIC
from tests.support.course_archives import ALL_RULES, add_quizzes, described
from tests.support.work_time import work_of_at_most

pytestmark = [pytest.mark.req('C6', 'Q7'), pytest.mark.usefixtures('db')]

FILE = """\
waymark: 1
course:
  title: Soil
modules:
- title: Outside
  steps:
  - title: Soil quiz
    kind: quiz
    quiz:
      published: true
      minutes: 20
      shows_right: never
      bands:
      - from_percent: 80
        text: Good
      questions:
      - question: 2
        points: 2.5
      - draw: 1
        tag: soil
questions:
- number: 1
  kind: single_choice
  text: Which soil has the finest parts?
  tags: [soil]
  options:
  - text: Clay
    credit: 10000
  - text: Sand
- number: 2
  kind: numeric
  text: Which pH is neutral?
  numbers:
  - value: 7
    tolerance: 0.05
"""


async def test_a_quiz_is_written_so_that_people_can_read_it() -> None:
    course = await a_course(title='Soil', checkpoints=0)
    await add_quizzes(course)

    text = (await database.read(export_file.export_course, course.teacher, course.course_id)).text

    wanted = """\
    quiz:
      published: true
      minutes: 20
      attempts: 3
      opens: '2027-03-01T08:00:00+00:00'
      closes: '2027-03-08T08:30:00+00:00'
      passing_percent: 75
      practice: true
      adaptive: true
      asks_confidence: true
      one_at_a_time: true
      may_go_back: false
      shuffles_questions: true
      shuffles_options: false
      shows_score: never
      shows_right: after_close
      shows_solution: after_submit
      shows_feedback: never
      bands:
      - from_percent: 80
        text: '**Good**: go on.'
      - from_percent: 0
        text: |-
          Read
          it again.
      questions:
      - question: 4
        points: 2.5
      - draw: 2
        tag: soil
      - question: 3
  - title: Empty quiz
    kind: quiz
questions:
- number: 1
"""
    assert wanted in text
    assert '- value: 7\n    tolerance: 0.05\n' in text
    assert 'Gone?' not in text


@pytest.mark.both_databases
async def test_a_quiz_that_a_person_has_written_comes_in() -> None:
    teacher = await an_instructor()

    course_id = await database.write(export_file.import_course, teacher, read(FILE.encode()))

    found = await database.read(bank.of_course, teacher, course_id)
    assert [each.title for each in found.questions] == ['Which pH is neutral?', 'Which soil has the finest parts?']
    (checkpoint,) = [row for row in await database.read(described, course_id) if row['table'] == 'checkpoints']
    assert checkpoint['kind'] == 'quiz'
    quiz_id = await database.read(lambda tx: tx.execute(select(Quiz.checkpoint_id)).scalar_one())
    quiz = await database.read(quiz_settings.of_checkpoint, teacher, quiz_id)
    assert quiz.is_published
    assert (quiz.rules.minutes, quiz.rules.shows_right, quiz.rules.bands[0].text) == (20, 'never', 'Good')
    fixed, draw = quiz.items
    assert not isinstance(fixed, Draw)
    assert (fixed.title, fixed.points, draw) == ('Which pH is neutral?', Decimal('2.5'), Draw(tag='soil', count=1))


def test_every_rule_has_a_word_and_differs_in_the_course_that_travels() -> None:
    """Otherwise a rule could be lost on the way."""
    names = {each.name for each in fields(Rules)}

    assert names == {*RULE_WORDS.values(), 'bands'}
    assert {name for name in names if getattr(ALL_RULES, name) != getattr(Rules(), name)} == names


async def test_a_draw_that_finds_too_few_questions_by_now_still_comes_in() -> None:
    course = await a_course(checkpoints=0)
    quiz_id = await add_quizzes(course)
    items = (await database.read(quiz_settings.of_checkpoint, course.teacher, quiz_id)).items
    one = (await database.read(bank.of_course, course.teacher, course.course_id, tag='ph')).questions[0]
    await database.write(bank.delete, course.teacher, one.question_id)
    text = (await database.read(export_file.export_course, course.teacher, course.course_id)).text

    course_id = await database.write(export_file.import_course, course.teacher, read(text.encode()))

    again = await database.read(export_file.export_course, course.teacher, course_id)
    assert again.text == text
    assert Draw(tag='soil', count=2) in items


@pytest.mark.parametrize(
    ('old', 'new', 'said'),
    [
        ('    quiz:', '    quizz:', 'Line 9: “quizz” is not known here. Did you mean “quiz”?'),
        ('kind: quiz', 'kind: marker', 'Line 10: a step like this has no “quiz”.'),
        ('published: true', 'published: perhaps', 'Line 10: say yes or no.'),
        ('minutes: 20', 'minutes: soon', 'Line 11: a whole number is needed here, not “soon”.'),
        ('minutes: 20', 'minutes: 9999', 'Line 11: Type a number from 1 to 1440.'),
        ('minutes: 20', 'opens: 9999-12-31', 'Line 11: Choose a year from 2000 to 2199.'),
        ('minutes: 20', 'minuets: 20', 'Line 11: “minuets” is not known here. Did you mean “minutes”?'),
        ('right: never', 'right: nevr', 'Line 12: “nevr” is not known here. Did you mean “never”?'),
        ('from_percent: 80', 'from_percent: 101', 'Line 14: Type a number from 0 to 100.'),
        ('        text: Good\n', '', 'Line 14: the band has no “text”.'),
        ('question: 2', 'question: 3', 'Line 17: there is no question 3 in this file.'),
        ('question: 2', 'question: [2]', 'Line 17: a text is needed here, not a list.'),
        ('points: 2.5', 'points: NaN', 'Line 17: The points must be above 0'),
        ('points: 2.5', 'points: 0.001', 'Line 17: The points must be above 0'),
        ('points: 2.5', 'points: many', 'Line 18: “many” cannot be read here.'),
        ('points: 2.5', 'tag: soil', 'Line 17: say which “question” it is by its number'),
        ('draw: 1', 'draw: 0', 'Line 17: Draw at least one question.'),
        ('draw: 1', 'draw: 1000', 'Line 17: A quiz can have at most 200 questions.'),
        ('- draw: 1\n        tag: soil', '- question: 2', 'Line 17: The same question is in the quiz twice.'),
        ('number: 2', 'number: 1', 'Line 30: there are two questions 1.'),
        ('- number: 2\n  kind', '- kind', 'Line 30: the question has no “number”.'),
        ('single_choice', 'single_choise', 'Line 23: “single_choise” is not known here. Did you mean “single_choice”?'),
        ('  text: Which soil has the finest parts?\n', '', 'Line 22: the question has no “text”.'),
        ('    credit: 10000\n', '', 'Line 27: Mark the option that is right.'),
        ('credit: 10000', 'credit: all', 'Line 28: “all” cannot be read here.'),
        ('credit: 10000', 'credits: 10000', 'Line 28: “credits” is not known here. Did you mean “credit”?'),
        ('- text: Sand', '- Sand', 'Line 29: “options” must have parts like “text: …”.'),
        ('tags: [soil]', 'tags: soil', 'Line 25: “tags” must be a list'),
        ('value: 7', 'value: NaN', 'Line 34: “NaN” cannot be read here.'),
        ('value: 7', 'value: 1e999', 'Line 34: This is no number that an answer can be compared with.'),
        ('value: 7', 'value: 0.' + '3' * 500, 'Line 34: “0.33333333333333333333333333333333333333…” cannot be read'),
        ('tolerance: 0.05', 'tolerance: -1', 'Line 34: The tolerance must be 0 or more.'),
        ('tolerance: 0.05', 'tolerance_kind: abs', 'Line 35: “abs” is not known here. Known are: nominal'),
        ('  title: Soil', '  title: Soil\n  mastery_percent: 101', 'Line 4: Enter a number from 1 to 100.'),
    ],
)
@pytest.mark.both_databases
async def test_what_is_wrong_is_said_with_its_line_and_nothing_comes_in(old: str, new: str, said: str) -> None:
    teacher = await an_instructor()
    assert FILE.count(old) == 1

    with pytest.raises(BrokenFile) as refused:
        await database.write(export_file.import_course, teacher, read(FILE.replace(old, new).encode()))

    assert any(str(problem).startswith(said) for problem in refused.value.problems), refused.value.problems
    assert len(str(refused.value)) < 1_000
    assert await database.read(lambda tx: tx.execute(select(func.count()).select_from(Course)).scalar()) == 0


async def test_the_points_of_a_question_in_a_quiz_have_two_places() -> None:
    course = await a_course(checkpoints=0)
    quiz_id = await add_quizzes(course)

    with pytest.raises(Invalid, match='two decimal places'):
        await database.write(
            quiz_settings.set_items, course.teacher, quiz_id, [Draw(tag='', count=1, points=Decimal('0.001'))]
        )


HEAD = 'waymark: 1\ncourse: {title: Soil}\nmodules: []\nquestions:\n'
WORST = {
    'unknown parts': HEAD + '- number: 1\n' + ''.join(f'  k{number}: 1\n' for number in range(120_000)),
    'more than a bank has': HEAD + '- {number: 1}\n' * 40_000,
    'questions without anything': HEAD + '- {}\n' * 5_000,
    'options': HEAD + '- {number: 1, kind: essay, text: a, options: [' + '{text: a},' * 40_000 + ']}\n',
    'options of all': HEAD + ''.join(f'- {{number: {n}, options: [{"{}," * 50}]}}\n' for n in range(2_000)),
    'a long number': HEAD + '- {number: 1, kind: numeric, text: a, numbers: [{value: ' + '9' * 4_000_000 + '}]}\n',
    'a long credit': HEAD + '- {number: 1, kind: essay, text: a, options: [{credit: ' + '9' * 4_000_000 + '}]}\n',
    'a long kind': HEAD + '- {number: 1, text: a, kind: ' + 'k' * 4_000_000 + '}\n',
    'questions in a quiz': FILE.replace('      - draw: 1\n', '      - question: 2\n' * 50_000 + '      - draw: 1\n'),
}


@pytest.mark.parametrize('name', WORST)
def test_the_worst_questions_are_refused_in_time_and_with_a_short_sentence(name: str) -> None:
    with work_of_at_most(4.0), pytest.raises(BrokenFile) as refused:
        read(WORST[name].encode())
    assert len(str(refused.value)) < 3_000


def test_a_full_bank_is_read() -> None:
    question = (
        '- {{number: {}, kind: single_choice, text: Which?, options: [{{text: A, credit: 10000}}, {{text: B}}]}}\n'
    )

    draft = read((HEAD + ''.join(question.format(number) for number in range(bank.MOST_QUESTIONS))).encode())

    assert len(draft.questions) == bank.MOST_QUESTIONS


def test_a_refusal_of_a_question_repeats_no_more_than_the_beginning() -> None:
    with pytest.raises(BrokenFile) as refused:
        read(FILE.replace('single_choice', 'x' * 900).replace('10000', 'y' * 900).encode())

    assert 'x' * (file_nodes.LONGEST_QUOTE + 1) not in str(refused.value)
    assert 'y' * (file_nodes.LONGEST_QUOTE + 1) not in str(refused.value)


texts = st.text(st.characters(codec='utf-8'), min_size=1, max_size=40)
decimals = st.decimals(-10_000, 10_000, places=3) | st.sampled_from([Decimal('1E+300'), Decimal('-2.5E-290')])
credit = st.integers(0, WHOLE)
options = st.lists(st.builds(Option, text=texts, credit=credit, feedback=texts), max_size=4)
asked = st.builds(
    Question,
    kind=st.sampled_from(QuestionKind),
    title=st.text(max_size=20),
    text=texts,
    points=st.decimals(1, 1000, places=2),
    tags=st.lists(texts, max_size=2).map(tuple),
    credit_rule=st.sampled_from(CreditRule),
    options=options.map(lambda others: (Option(text='Clay', credit=WHOLE), Option(text='Sand'), *others)),
    numbers=st.lists(
        st.builds(
            NumberAnswer,
            value=decimals,
            tolerance=st.decimals(0, 10, places=4),
            tolerance_kind=st.sampled_from(Tolerance),
            credit=credit,
            is_any=st.booleans(),
        ),
        max_size=2,
    ).map(lambda others: (*HOW_ACID.numbers, *others)),
    texts=st.lists(st.builds(TextAnswer, pattern=texts, credit=credit), max_size=2).map(
        lambda others: (TextAnswer(pattern='no'), *others)
    ),
    pairs=st.lists(st.builds(Pair, left=texts, right=texts), min_size=2, max_size=4).map(tuple),
    order=st.lists(texts, min_size=2, max_size=4).map(tuple),
    is_shuffled=st.booleans(),
    minds_case=st.booleans(),
    feedback=st.text(max_size=20),
    graders_note=st.text(max_size=20),
    rubric=st.sampled_from([(), RUBRIC]),
)


moments = st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - see zones
rules = st.builds(
    Rules,
    minutes=st.none() | st.integers(1, 1440),
    attempts_allowed=st.none() | st.integers(1, 100),
    opens_at=st.none() | moments,
    closes_at=st.none() | moments,
    passing_percent=st.integers(0, 100),
    is_practice=st.booleans(),
    one_at_a_time=st.booleans(),
    may_go_back=st.booleans(),
    shuffles_options=st.booleans(),
    shows_score=st.sampled_from(Reveal),
    shows_feedback=st.sampled_from(Reveal),
    bands=st.lists(st.builds(Band, from_percent=st.integers(0, 100), text=st.text(max_size=20)), max_size=3).map(tuple),
)
points = st.none() | st.decimals('0.01', 1000, places=2)
draws = st.lists(st.builds(Draw, tag=st.sampled_from(['', 'soil', '12']), count=st.integers(1, 3), points=points))


@pytest.mark.parametrize('url', ['sqlite'], indirect=True)
@given(rules=rules, draws=draws.map(lambda each: each[:5]), worth=points, is_published=st.booleans())
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_every_quiz_survives_the_journey(
    rules: Rules, draws: list[Draw], worth: Decimal | None, is_published: bool
) -> None:
    course = await a_course(checkpoints=0)
    await add_quizzes(course)
    ids = [
        each.question_id for each in (await database.read(bank.of_course, course.teacher, course.course_id)).questions
    ]
    items = [*draws, Fixed(question_id=ids[0], points=worth), Fixed(question_id=ids[-1])]
    details = Details(title='Another', kind=CheckpointKind.QUIZ)
    checkpoint_id = await database.write(checkpoints.add_one, course.teacher, course.course_id, details=details)
    try:
        await database.write(give_quiz, checkpoint_id, rules, items, is_published)
    except Invalid:
        reject()

    text = (await database.read(export_file.export_course, course.teacher, course.course_id)).text
    course_id = await database.write(export_file.import_course, course.teacher, read(text.encode()))

    assert await database.read(described, course_id) == await database.read(described, course.course_id)
    assert (await database.read(export_file.export_course, course.teacher, course_id)).text == text


def give_quiz(tx: Transaction, checkpoint_id: int, rules: Rules, items: list[QuizItem], is_published: bool) -> None:
    quiz_settings.make(tx, tx.session.get_one(Checkpoint, checkpoint_id), rules, items, is_published=is_published)


@pytest.mark.parametrize('url', ['sqlite'], indirect=True)
@given(questions=st.lists(asked, max_size=4))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_every_question_survives_the_journey(questions: list[Question]) -> None:
    course = await a_course(checkpoints=0)
    kept = []
    for question in questions:
        try:
            kept.append(checking.check(question))
        except Invalid:
            continue
    await database.write(bank.add_many, course.teacher, course.course_id, kept)
    text = (await database.read(export_file.export_course, course.teacher, course.course_id)).text

    draft = read(text.encode())
    course_id = await database.write(export_file.import_course, course.teacher, draft)

    assert list(draft.questions.values()) == kept
    assert await database.read(described, course_id) == await database.read(described, course.course_id)
    again = await database.read(export_file.export_course, course.teacher, course_id)
    assert again.text == text
