"""Questions are brought in from files and pasted texts: read first, then all of them or none."""

import pytest

from services.core import database
from services.core.errors import Invalid, NotFound
from services.quizzes import bank, importing
from services.quizzes.importing import Found
from services.quizzes.question import QuestionKind
from tests.factories.classes import a_class, a_course
from tests.factories.people import an_instructor

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('Q9')]

PLAIN = """Which soil is finest?
* Clay
- Sand
Silt

Which are metals?
*Iron
*Zinc
Wood
"""
GIFT = """$CATEGORY: $course$/top/Soil

Which soil is finest? {=Clay ~Sand}
"""
AIKEN = 'Which soil is finest?\nA. Clay\nB. Sand\nANSWER: A\n'
MOODLE = """<quiz><question type="shortanswer"><name><text>Pic</text></name>
<questiontext format="html"><text><![CDATA[<p>What is it? <img src="@@PLUGINFILE@@/a.png" alt="a plant"></p>]]></text>
<file name="a.png" encoding="base64">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk
+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==</file>
</questiontext><answer fraction="100"><text>A rose</text></answer></question></quiz>"""


async def test_what_people_jot_down_is_read() -> None:
    found = await read(PLAIN)

    assert found.problems == ()
    assert [each.kind for each in found.questions] == [QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE]
    assert [(each.text, each.credit > 0) for each in found.questions[0].options] == [
        ('Clay', True),
        ('Sand', False),
        ('Silt', False),
    ]


async def test_problems_of_a_pasted_text_name_their_lines() -> None:
    found = await read('What is it?\n* This\n\nAnd this?\nOne\nTwo\n* Three\n\nNo key?\nOne\nTwo\n')

    assert [str(each) for each in found.problems] == [
        'Line 1: a question needs at least two options, each on a line of its own below it.',
        'Line 9: no option is marked as right. Put a * before it.',
    ]


@pytest.mark.parametrize('text', [PLAIN, GIFT, AIKEN])
async def test_questions_are_added_once(text: str) -> None:
    course = await a_course()
    found = await read(text)

    added = await database.write(importing.bring_in, course.teacher, course.course_id, found.questions)
    again = await database.write(importing.bring_in, course.teacher, course.course_id, found.questions)

    assert len(added) == len(found.questions) > 0
    assert again == []
    assert (await database.read(bank.of_course, course.teacher, course.course_id)).in_all == len(added)


async def test_a_question_with_the_same_text_and_another_key_is_not_taken_for_the_same() -> None:
    course = await a_course()
    before, after = 'Which is right? {=Clay ~Sand}', 'Which is right? {~Clay =Sand}\n\nWhich is right? {=Clay ~Sand}'
    await database.write(importing.bring_in, course.teacher, course.course_id, (await read(before)).questions)

    found = await read(after)
    plan = await database.read(importing.plan, course.teacher, course.course_id, found.questions)
    assert ([each.options[1].credit for each in plan.new], plan.known, plan.alike) == ([10_000], 1, 1)
    added = await database.write(importing.bring_in, course.teacher, course.course_id, found.questions)
    assert len(added) == 1
    plan = await database.read(importing.plan, course.teacher, course.course_id, found.questions)
    assert (plan.new, plan.known) == ((), 2)


async def test_a_question_that_is_worth_nothing_elsewhere_says_what_it_is_worth_here() -> None:
    course = await a_course()
    found = await read(MOODLE.replace('<answer', '<defaultgrade>0.0000000</defaultgrade><answer'))
    assert [str(each) for each in found.warnings] == ['Question 1 “Pic”: it is worth 0 points there, and 1 here.']
    await database.write(importing.bring_in, course.teacher, course.course_id, found.questions)


@pytest.mark.parametrize(
    ('text', 'problem'),
    [
        ('What? {=%80%a}\n', 'Line 1: Give at least one answer that is right.'),
        ('\nWhich? {~%50%a ~b}\n', 'Line 2: All right options together must be worth 100 %.'),
        ('Which? {=a ~a}\n', 'Line 1: The option “a” is there twice.'),
    ],
)
async def test_what_a_bank_refuses_is_said_with_its_line_before_anybody_adds_it(text: str, problem: str) -> None:
    found = await read(text)
    assert [str(each) for each in found.problems] == [problem]
    course = await a_course()
    with pytest.raises(Invalid):
        await database.write(importing.bring_in, course.teacher, course.course_id, found.questions)


async def test_a_category_becomes_a_tag() -> None:
    assert (await read(GIFT)).questions[0].tags == ('soil',)


async def test_a_picture_comes_along_and_its_question_shows_it() -> None:
    found = await read(MOODLE)

    (name,) = found.pictures
    assert found.left_out == ()
    assert found.questions[0].text == f'What is it? ![a plant](/pictures/{name})'


async def test_only_those_who_teach_bring_questions_in() -> None:
    klass, stranger = await a_class(), await an_instructor(name='Sven Stranger')
    found = await read(PLAIN)

    for actor in klass.learner, stranger:
        for verb in importing.plan, importing.bring_in:
            with pytest.raises(NotFound):
                await database.write(verb, actor, klass.course_id, found.questions)
    assert (await database.read(bank.of_course, klass.teacher, klass.course_id)).in_all == 0


async def read(text: str) -> Found:
    return await importing.read('pasted', text.encode())
