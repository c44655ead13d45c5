"""A report in a language, as headings, sentences, facts, tables and pictures: what a page and the paper both draw."""

from dataclasses import dataclass

from services.reports.performance.document import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; the first column names the row, numbers stand at the end of theirs."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    """by column, whether it has numbers"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with what it says, its alternative text, and its figures as a table."""

    finding: str
    alt: str
    svg: str
    begins: str
    ends: str
    legend: tuple[tuple[str, str], ...]
    """(class of a shape, what it is)"""
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part with a heading: facts, sentences, words that somebody typed, and tables."""

    heading: str
    facts: tuple[tuple[str, str], ...] = ()
    typed: str = ''
    """a longer text that somebody typed, with its line breaks"""
    by: str = ''
    items: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    is_for_paper: bool = False
    """whether a screen leaves it out, because it shows the same elsewhere"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSheet:
    """One course: its first page, then everything else."""

    title: str
    schedule: Schedule
    standing: str
    """the schedule in a few words"""
    stands: str
    changed: str
    picture: Picture | None
    first: tuple[Part, ...]
    rest: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A report in a language."""

    language: str
    school: str
    title: str
    name: str
    description: str
    made: str
    courses: tuple[CourseSheet, ...]
    goals: Part | None
