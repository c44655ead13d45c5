"""Who the rows of a file with grades are about: by number, by e-mail address, or by a name that only one has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, User
from services.accounts import addresses
from services.core.text import plain_name, read_address
from services.core.transaction import Transaction
from services.grades.book import Row
from services.grades.file_columns import Columns, quoted

POINTS = frozenset({'points possible', 'max points', 'maximum points', 'points'})
"""what Canvas, Google Classroom and others call the row that says how many points there are"""
_NOBODY = POINTS | {'date', 'manual posting', 'student, test', 'test student', 'class average', 'overall average'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one row says of its learner."""

    row: int
    person_id: str
    name: str
    email: str
    cells: Sequence[str]

    @property
    def is_somebody(self) -> bool:
        """Whether the row is about a person at all."""
        return bool(self.person_id or self.name or self.email) and not self.is_about_columns

    @property
    def is_about_columns(self) -> bool:
        """Whether the row says something of the columns, such as how many points they have."""
        first = self.cells[0].strip().casefold() if self.cells else ''
        return not _NOBODY.isdisjoint({first, self.name.casefold(), self.email.casefold()})

    @property
    def has_points(self) -> bool:
        """Whether the row says how many points each column has."""
        return bool(self.cells) and any(cell.strip().casefold() in POINTS for cell in self.cells[:3])

    @property
    def shown(self) -> str:
        """What the row calls its learner."""
        return quoted(self.name or self.email or self.person_id)


def said_of(rows: Iterable[tuple[int, Sequence[str]]], columns: Columns) -> list[Said]:
    """Return what the rows of a file say of learners."""
    return [
        Said(
            row=number,
            person_id=_cell(cells, columns.person_id),
            name=' '.join(filter(None, (_cell(cells, place) for place in columns.names))),
            email=_cell(cells, columns.email),
            cells=cells,
        )
        for number, cells in rows
    ]


class Class:
    """The learners of a course, as a file may call them."""

    def __init__(self, tx: Transaction, course_id: int, learners: Sequence[Row]) -> None:
        self._here = {row.user_id: row for row in learners}
        self._guests: Mapping[int, int] = _guests(tx, self._here)
        self._by_email = _by_email(tx, course_id, self._here)
        self._by_name: dict[str, set[int]] = defaultdict(set)
        for row in learners:
            self._by_name[plain_name(row.name)].add(row.user_id)

    def who(self, said: Said) -> Row | None:
        """Return who a row is about; None for nobody, and where it may be several."""
        if said.person_id:
            number = _whole(said.person_id)
            return self._here.get(self._guests.get(number, number))
        if said.email and (user_id := self._by_email.get(read_address(said.email))):
            return self._here[user_id]
        found = set().union(*(self._by_name.get(plain_name(name), set()) for name in _turned(said.name)))
        return self._here[found.pop()] if len(found) == 1 else None


def is_same_name(written: str, name: str) -> bool:
    """Return whether a file calls somebody by their name, in either order."""
    return plain_name(name) in {plain_name(each.removeprefix("'")) for each in _turned(written)}


def _turned(name: str) -> tuple[str, ...]:
    last, comma, first = name.partition(',')
    return (name, f'{first.strip()} {last.strip()}') if comma else (name,)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ''


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _guests(tx: Transaction, here: Mapping[int, Row]) -> dict[int, int]:
    """Return who guests have turned out to be."""
    merged = select(col(User.id), col(User.merged_into_id)).where(col(User.merged_into_id).is_not(None))
    return {guest: person for guest, person in tx.execute(merged) if person is not None and person in here}


def _by_email(tx: Transaction, course_id: int, here: Mapping[int, Row]) -> dict[str, int]:
    """Return learners by the addresses of their accounts; one that is not confirmed says nothing."""
    rows = select(User).join(Enrollment, col(Enrollment.user_id) == col(User.id))
    ours = col(Enrollment.course_id) == course_id, col(User.email).is_not(None)
    return {
        user.email: user.id
        for user in tx.session.scalars(rows.where(*ours))
        if user.email and user.id in here and addresses.is_proven(user)
    }
