"""Rubrics: the criteria of an assignment or an essay, with their levels, and what the chosen ones make. Pure rules.

What was chosen is kept in words and points as the rubric was then, so that a later change of it moves no grade.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.core.errors import Invalid
from services.core.text import check_text, line

MOST_CRITERIA = 20
MOST_LEVELS = 10
MOST_POINTS = 100
LONGEST_CRITERION = 120
LONGEST_LEVEL = 300
LONGEST_REMARK = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How well a criterion can be met."""

    points: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What is looked at, with its levels, the best one first."""

    title: str
    levels: tuple[Level, ...]

    @property
    def most(self) -> int:
        """The points of its best level."""
        return max((level.points for level in self.levels), default=0)


Rubric = tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a teacher chose for one criterion of a rubric."""

    level: int | None
    """its place in the criterion; None as long as none was chosen"""
    remark: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What work got for one criterion, as the rubric was when it was graded."""

    criterion: str
    most: int
    points: int
    level: str
    remark: str


def checked(rubric: Sequence[Criterion]) -> Rubric:
    """Return a rubric with its levels in order; raises `Invalid` with what cannot be."""
    found = tuple(_criterion(each) for each in rubric)
    if len(found) > MOST_CRITERIA:
        raise Invalid('A rubric has at most {most} criteria.', most=MOST_CRITERIA, field='rubric')
    titles = [each.title.casefold() for each in found]
    if again := next((each for each in found if titles.count(each.title.casefold()) > 1), None):
        raise Invalid('Two criteria are called “{title}”.', title=again.title, field='rubric')
    return found


def stored(rubric: Rubric) -> list[list[object]]:
    """Return a rubric as its table keeps it."""
    return [[each.title, [[level.points, level.text] for level in each.levels]] for each in rubric]


def recalled(rows: Sequence[Sequence[object]]) -> Rubric:
    """Return a rubric that `stored` wrote."""
    found = []
    for title, levels in rows:
        assert isinstance(levels, list)
        read = tuple(Level(points=int(points), text=str(text)) for points, text in levels)
        found.append(Criterion(title=str(title), levels=read))
    return tuple(found)


def marks_for(rubric: Rubric, choices: Sequence[Choice]) -> tuple[Mark, ...]:
    """Return the marks for what was chosen, one for each criterion that has a level."""
    if len(choices) != len(rubric):
        raise Invalid('The rubric has changed meanwhile. Load the page again.', field='marks')
    return tuple(
        _mark(criterion, choice)
        for criterion, choice in zip(rubric, choices, strict=True)
        if choice.level is not None or choice.remark.strip()
    )


def choices_of(rubric: Rubric, marks: Sequence[Mark]) -> tuple[Choice, ...]:
    """Return what was chosen, as far as the rubric still has it."""
    by_title = {mark.criterion: mark for mark in marks}
    return tuple(_choice(criterion, by_title.get(criterion.title)) for criterion in rubric)


def grade_of(rubric: Rubric, choices: Sequence[Choice]) -> int | None:
    """Return the grade, 0 to 100, rounded half up; None as long as a criterion has no level."""
    share = share_of(rubric, choices)
    return None if share is None else portion(share, 100)


def share_of(rubric: Rubric, choices: Sequence[Choice]) -> Fraction | None:
    """Return how much of all points the chosen levels make; None as long as a criterion has no level."""
    points = [
        criterion.levels[choice.level].points
        for criterion, choice in zip(rubric, choices, strict=True)
        if choice.level is not None
    ]
    most = sum(criterion.most for criterion in rubric)
    if not rubric or len(points) < len(rubric):
        return None
    return Fraction(sum(points), most)


def portion(share: Fraction, whole: int) -> int:
    """Return a share of a whole, rounded half up."""
    return (2 * share.numerator * whole + share.denominator) // (2 * share.denominator)


def kept(marks: Sequence[Mark]) -> list[list[int | str]]:
    """Return marks as their table keeps them."""
    return [[mark.criterion, mark.most, mark.points, mark.level, mark.remark] for mark in marks]


def read_marks(rows: Sequence[Sequence[int | str]]) -> tuple[Mark, ...]:
    """Return marks that `kept` wrote."""
    return tuple(
        Mark(criterion=str(criterion), most=int(most), points=int(points), level=str(level), remark=str(remark))
        for criterion, most, points, level, remark in rows
    )


def _criterion(given: Criterion) -> Criterion:
    title = line(given.title)
    if not title:
        raise Invalid('Give each criterion of the rubric a name.', field='rubric')
    if len(title) > LONGEST_CRITERION:
        raise Invalid(
            'The name of a criterion is too long; use at most {most} characters.',
            most=LONGEST_CRITERION,
            field='rubric',
        )
    if not 2 <= len(given.levels) <= MOST_LEVELS:
        raise Invalid(
            '“{title}” needs from {least} to {most} levels.', title=title, least=2, most=MOST_LEVELS, field='rubric'
        )
    levels = tuple(sorted((_level(title, each) for each in given.levels), key=lambda level: -level.points))
    if levels[0].points == 0:
        raise Invalid('The best level of “{title}” needs points.', title=title, field='rubric')
    return Criterion(title=title, levels=levels)


def _level(title: str, given: Level) -> Level:
    if not 0 <= given.points <= MOST_POINTS:
        raise Invalid(
            'The points of “{title}” must be from {least} to {most}.',
            title=title,
            least=0,
            most=MOST_POINTS,
            field='rubric',
        )
    if not (text := line(given.text)):
        raise Invalid('Say of each level of “{title}” what it means.', title=title, field='rubric')
    if len(text) > LONGEST_LEVEL:
        raise Invalid(
            'A level of “{title}” is too long; use at most {most} characters.',
            title=title,
            most=LONGEST_LEVEL,
            field='rubric',
        )
    return Level(points=given.points, text=text)


def _mark(criterion: Criterion, choice: Choice) -> Mark:
    if choice.level is not None and not 0 <= choice.level < len(criterion.levels):
        raise Invalid('“{title}” has no such level.', title=criterion.title, field='marks')
    level = None if choice.level is None else criterion.levels[choice.level]
    return Mark(
        criterion=criterion.title,
        most=criterion.most,
        points=level.points if level else 0,
        level=level.text if level else '',
        remark=check_text(choice.remark, most=LONGEST_REMARK, field='marks'),
    )


def _choice(criterion: Criterion, mark: Mark | None) -> Choice:
    if mark is None:
        return Choice(level=None)
    same = (
        place for place, level in enumerate(criterion.levels) if (level.points, level.text) == (mark.points, mark.level)
    )
    return Choice(level=next(same, None), remark=mark.remark)
