"""What an export says of a school: people, classes, and who has which place in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.people.oneroster.tables import Problem


class Part(StrEnum):
    """What somebody does in a school, or in a class."""

    LEARNS = 'learns'
    TEACHES = 'teaches'
    OTHER = 'other'
    """parents, proctors, administrators and aides: they are not brought in"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """One person of the export."""

    id: str
    line: int
    name: str
    email: str
    number: str
    part: Part | None
    """None where only the classes say it"""
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolClass:
    """One class of the export: a course here."""

    id: str
    line: int
    title: str
    subject: str
    school: str
    """the id of the school to which it belongs, which results have to name"""
    terms: tuple[str, ...]
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one person does in one class."""

    id: str
    line: int
    class_id: str
    person_id: str
    part: Part
    is_primary: bool
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """An export as it was read."""

    version: str
    source: str
    people: Mapping[str, Someone]
    classes: Mapping[str, SchoolClass]
    places: Mapping[str, Place]
    whole: frozenset[str]
    """the tables that name everybody: those who are not in them have left"""
    left_out: Mapping[str, frozenset[str]]
    """by table, the ids of lines that cannot be used"""
    problems: tuple[Problem, ...]
