"""Grades from a file: first what would change, and only when a teacher confirms it, all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from services.access import Actor
from services.core.errors import Invalid, Refused
from services.core.phrases import Phrase, phrase, plural
from services.core.transaction import Transaction
from services.grades import file_grades, gradebook, overrides, sources
from services.grades.book import Cell, Mark, Row, Thing
from services.grades.file_columns import Columns, columns_of, find_top, quoted
from services.grades.file_rows import Class, Said, is_same_name, said_of
from services.grades.grade_file import Sheet
from services.grades.overrides import HIGHEST
from services.grades.results import Key

MOST_SAID = 20
"""sentences of each sort; the rest is counted"""
MOST_CHANGES = 20_000
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One grade that would change."""

    user_id: int
    name: str
    checkpoint_id: int
    title: str
    before: Cell
    score: int | None
    """None for excused"""
    replaces: bool
    """whether the learner has reached another score, so that a reason is needed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a file would change; with a problem in it, nothing of it may be taken."""

    changes: tuple[Change, ...]
    same: int
    """grades of the file that are there already"""
    nobody: tuple[Phrase, ...]
    """rows that nobody matches"""
    left_out: tuple[str, ...]
    """columns of what is not graded here"""
    warnings: tuple[Phrase, ...]
    problems: tuple[Phrase, ...]

    @property
    def replaced(self) -> int:
        """How many of the changes replace what a learner has reached."""
        return sum(change.replaces for change in self.changes)


def plan(tx: Transaction, actor: Actor | None, course_id: int, sheet: Sheet, *, again: bool = False) -> Plan:
    """Return what a file would change in the grades of a course; raises `Invalid` where it has no learners in it."""
    book = gradebook.of_course(tx, actor, course_id, again=again)
    top = find_top(sheet.rows)
    columns = columns_of(sheet.rows[top][1], book.things)
    if not columns.things and not columns.problems:
        raise Invalid(
            'No column is about anything that is graded in this course. Begin with the file that the gradebook gives.',
            field='file',
        )
    reached = sources.results(tx, course_id).scores
    making = _Making(columns, Class(tx, course_id, book.rows), book.things, reached)
    for said in said_of(sheet.rows[top + 1 :], columns):
        making.take(said)
    return making.plan()


def bring_in(
    tx: Transaction, actor: Actor | None, course_id: int, sheet: Sheet, *, seen: Plan, reason: str = ''
) -> int:
    """Change the grades as the teacher has seen it, all or none; returns how many have changed."""
    now = plan(tx, actor, course_id, sheet, again=True)
    if now.problems:
        raise Invalid(now.problems[0], field='file')
    if now.changes != seen.changes:
        raise Refused('Grades have changed meanwhile. Choose the file again, and look at what would change now.')
    if now.replaced and not reason.strip():
        raise Invalid(
            'Give a reason for the grades that replace what learners have reached, so that they understand it.',
            field='reason',
        )
    wanted = [(each.user_id, each.checkpoint_id, each.score) for each in now.changes]
    overrides.store_many(tx, actor, course_id, wanted, reason=reason)
    return len(wanted)


@dataclass(slots=True)
class _Making:
    """A plan while it is made, row by row."""

    columns: Columns
    people: Class
    things: Sequence[Thing]
    reached: Mapping[Key, int]
    out_of: dict[int, Decimal] = field(default_factory=dict)
    """how many points the columns have, by their places"""
    rows_of: dict[int, int] = field(default_factory=dict)
    """the row of each learner who was met"""
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    rounded: int = 0
    nobody: list[Phrase] = field(default_factory=list)
    warnings: list[Phrase] = field(default_factory=list)
    problems: list[Phrase] = field(default_factory=list)

    def take(self, said: Said) -> None:
        """Read one row."""
        if said.has_points:
            self._take_points(said)
        if not said.is_somebody:
            if not said.is_about_columns and self._has_grades(said):
                self.nobody.append(phrase('Row {row}: it does not say whose grades these are.', row=said.row))
            return
        row = self.people.who(said)
        if row is None:
            self.nobody.append(phrase('Row {row}: {name}', row=said.row, name=said.shown))
        elif row.user_id in self.rows_of:
            first = self.rows_of[row.user_id]
            self.problems.append(
                phrase('Rows {first} and {second} are both about {name}.', first=first, second=said.row, name=row.name)
            )
        else:
            self.rows_of[row.user_id] = said.row
            self._take_grades(said, row)

    def _has_grades(self, said: Said) -> bool:
        cells = (said.cells[place] for place in self.columns.things if place < len(said.cells))
        return any(file_grades.is_grade(cell) for cell in cells)

    def _take_points(self, said: Said) -> None:
        for place in self.columns.things:
            points = file_grades.points_possible(said.cells[place]) if place < len(said.cells) else None
            if points:
                self.out_of[place] = points
            elif points is not None:
                title = quoted(self.columns.things[place].title)
                self.problems.append(phrase('“{title}” has 0 points in the file. Take its column out.', title=title))

    def _take_grades(self, said: Said, row: Row) -> None:
        if said.name and not is_same_name(said.name, row.name):
            self.warnings.append(
                phrase(
                    'Row {row}: the number or the address is that of {name}, but the row says “{written}”.',
                    row=said.row,
                    name=row.name,
                    written=quoted(said.name),
                )
            )
        cells = {thing.checkpoint_id: cell for thing, cell in zip(self.things, row.cells, strict=True)}
        for place, thing in self.columns.things.items():
            written = said.cells[place] if place < len(said.cells) else ''
            out_of = self.out_of.get(place, _HUNDRED)
            try:
                typed = file_grades.read(written, out_of=out_of)
            except Invalid:
                self.problems.append(_no_grade(said.row, thing, written, out_of))
                continue
            if typed is None:
                continue
            score = file_grades.rounded(typed) if isinstance(typed, Decimal) else None
            self.rounded += score is not None and score != typed
            self._compare(row, thing, cells[thing.checkpoint_id], score)

    def _compare(self, row: Row, thing: Thing, before: Cell, score: int | None) -> None:
        is_same = before.mark is Mark.EXCUSED if score is None else before.score == score
        if is_same:
            self.same += 1
            return
        reached = self.reached.get((row.user_id, thing.checkpoint_id))
        self.changes.append(
            Change(
                user_id=row.user_id,
                name=row.name,
                checkpoint_id=thing.checkpoint_id,
                title=thing.title,
                before=before,
                score=score,
                replaces=reached is not None and score is not None and reached != score,
            )
        )

    def _rounded(self) -> list[Phrase]:
        if not self.rounded:
            return []
        return [
            plural(
                '{count} grade is rounded to a whole number.',
                '{count} grades are rounded to whole numbers.',
                self.rounded,
            )
        ]

    def _extra(self) -> list[Phrase]:
        """Say how many grades are above 100: they may be points that were taken for percent."""
        extra = sum(change.score is not None and change.score > _HUNDRED for change in self.changes)
        if not extra:
            return []
        return [
            plural('{count} grade is above 100: extra credit.', '{count} grades are above 100: extra credit.', extra)
        ]

    def plan(self) -> Plan:
        """Return the whole plan."""
        problems = [*self.columns.problems, *self.problems]
        if len(self.changes) > MOST_CHANGES:
            problems.append(phrase('More than {most} grades would change. Split the file.', most=MOST_CHANGES))
        points = sorted(
            {(self.columns.things[place].title, each) for place, each in self.out_of.items() if each != 100}
        )
        return Plan(
            changes=tuple(self.changes),
            same=self.same,
            nobody=tuple(self.nobody),
            left_out=self.columns.left_out,
            warnings=_bounded(
                [*(_points(title, each) for title, each in points), *self._rounded(), *self._extra(), *self.warnings]
            ),
            problems=_bounded(problems),
        )


def _no_grade(row: int, thing: Thing, written: str, out_of: Decimal) -> Phrase:
    if out_of != _HUNDRED:
        return phrase(
            'Row {row}, “{title}”: “{cell}” is no grade of 0 to {points} points, or up to {most} with extra credit.',
            row=row,
            title=quoted(thing.title),
            cell=quoted(written),
            points=format(out_of.normalize(), 'f'),
            most=format((out_of * HIGHEST / _HUNDRED).normalize(), 'f'),
        )
    return phrase(
        'Row {row}, “{title}”: “{cell}” is no grade. Write a number from 0 to {most}, “x” for excused, or nothing.',
        row=row,
        title=quoted(thing.title),
        cell=quoted(written),
        most=HIGHEST,
    )


def _points(title: str, out_of: Decimal) -> Phrase:
    return phrase(
        '“{title}” has {points} points in the file; its grades are made percent of that.',
        title=quoted(title),
        points=format(out_of.normalize(), 'f'),
    )


def _bounded(said: Sequence[Phrase]) -> tuple[Phrase, ...]:
    if len(said) <= MOST_SAID:
        return tuple(said)
    return (*said[:MOST_SAID], phrase('And {more} more.', more=len(said) - MOST_SAID))
