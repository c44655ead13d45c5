"""A rubric: set up with its levels, graded by choosing them, and returned in the words that held then."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import rubrics
from services.assignments import desk, grading, rules
from services.assignments.rules import Rules
from services.core import database
from services.core.errors import Invalid
from services.enums import SubmissionState
from services.rubrics import Choice, Criterion, Level
from tests.factories.assignments import AssignmentAtHand, an_assignment, hand_in, listed, seen_by

pytestmark = [pytest.mark.req('Q4'), pytest.mark.both_databases]

SEEN = Criterion(
    title='What was seen',
    levels=(Level(points=0, text='nothing'), Level(points=4, text='all'), Level(points=2, text='some')),
)
WHY = Criterion(title='Why', levels=(Level(points=3, text='with a reason'), Level(points=0, text='without')))
RUBRIC = Rules(rubric=(SEEN, WHY))


async def grade(work: AssignmentAtHand, handed: int, *choices: Choice, returns: bool = False) -> None:
    shown = await database.read(desk.on_desk, work.teacher, handed)
    await database.write(
        grading.grade, work.teacher, handed, grade=None, choices=choices, seen=shown.graded_at, returns=returns
    )


@pytest.mark.usefixtures('db')
async def test_levels_make_the_grade_and_the_learner_reads_them_when_it_is_returned() -> None:
    work = await an_assignment(with_rules=RUBRIC)
    handed = await hand_in(work)
    (seen, why) = (await seen_by(work)).rules.rubric
    assert [level.text for level in seen.levels] == ['all', 'some', 'nothing'], 'the best level stands first'
    assert why.most == 3

    await grade(work, handed, Choice(level=1), Choice(level=None, remark='Which pores?'))
    assert (await listed(work))['Lena Learner'].grade is None, 'a criterion has no level yet'
    with pytest.raises(Invalid, match='Choose a level for each criterion'):
        await grade(work, handed, Choice(level=1), Choice(level=None), returns=True)
    with pytest.raises(Invalid, match='follows from the rubric'):
        await database.write(grading.grade, work.teacher, handed, grade=90)

    await grade(work, handed, Choice(level=1), Choice(level=0, remark='Which pores?'))
    assert (await listed(work))['Lena Learner'].grade == 71, '5 of 7 points'
    assert (await seen_by(work)).tries[0].marks == ()
    await database.write(grading.give_back, work.teacher, work.checkpoint_id)
    (mine,) = (await seen_by(work)).tries
    assert mine.grade == 71
    assert [(mark.criterion, mark.points, mark.most, mark.level, mark.remark) for mark in mine.marks] == [
        ('What was seen', 2, 4, 'some', ''),
        ('Why', 3, 3, 'with a reason', 'Which pores?'),
    ]


@pytest.mark.usefixtures('db')
async def test_a_rubric_that_changes_moves_no_grade() -> None:
    work = await an_assignment(with_rules=RUBRIC)
    handed = await hand_in(work)
    await grade(work, handed, Choice(level=0), Choice(level=0), returns=True)
    other = replace(WHY, levels=(Level(points=9, text='with two reasons'), Level(points=0, text='without')))
    await database.write(rules.set_rules, work.teacher, work.checkpoint_id, Rules(rubric=(other, SEEN)))
    (mine,) = (await seen_by(work)).tries
    assert (mine.state, mine.grade, mine.marks[1].level) == (SubmissionState.RETURNED, 100, 'with a reason')
    shown = await database.read(desk.on_desk, work.teacher, handed)
    assert shown.choices == (Choice(level=None), Choice(level=0)), 'what the rubric still has is chosen'
    with pytest.raises(Invalid, match='rubric has changed'):
        await grade(work, handed, Choice(level=0), returns=True)


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize(
    ('wrong', 'said'),
    [
        (replace(WHY, title=' '), 'a name'),
        (replace(WHY, levels=WHY.levels[:1]), 'needs from 2 to 10 levels'),
        (replace(WHY, levels=(Level(points=0, text='a'), Level(points=0, text='b'))), 'needs points'),
        (replace(WHY, levels=(*WHY.levels, Level(points=101, text='c'))), 'from 0 to 100'),
        (replace(WHY, levels=(*WHY.levels, Level(points=1, text=' '))), 'what it means'),
        (replace(WHY, title='what was SEEN'), 'Two criteria are called'),
    ],
    ids=['no name', 'one level', 'no points', 'too many points', 'no words', 'twice'],
)
async def test_a_rubric_that_cannot_be_graded_by_is_refused(wrong: Criterion, said: str) -> None:
    work = await an_assignment()
    with pytest.raises(Invalid, match=said):
        await database.write(rules.set_rules, work.teacher, work.checkpoint_id, Rules(rubric=(SEEN, wrong)))


levels = st.lists(st.integers(0, 100), min_size=2, max_size=10).filter(any)


@settings(max_examples=50)
@given(st.data(), st.lists(levels, min_size=1, max_size=20))
def test_a_grade_lies_between_nothing_and_everything(data: st.DataObject, points: list[list[int]]) -> None:
    found = rubrics.checked(
        [
            Criterion(title=f'{place}', levels=tuple(Level(points=each, text='so') for each in several))
            for place, several in enumerate(points)
        ]
    )
    assert rubrics.recalled(rubrics.stored(found)) == found
    best, worst = [Choice(level=0) for _ in found], [Choice(level=len(each.levels) - 1) for each in found]
    chosen = [Choice(level=data.draw(st.integers(0, len(each.levels) - 1))) for each in found]
    least, grade, most = (rubrics.grade_of(found, each) for each in (worst, chosen, best))
    assert least is not None
    assert grade is not None
    assert most == 100
    assert 0 <= least <= grade <= most
    marks = rubrics.marks_for(found, chosen)
    assert rubrics.read_marks(rubrics.kept(marks)) == marks
