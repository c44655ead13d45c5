"""Writes the rules of assignments into a course file, as far as they differ from those of a new one."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from models import Assignment
from services.assignments import rules as assignment_rules
from services.assignments.rules import Rules
from services.core.transaction import Transaction
from services.courses.draft import ASSIGNMENT_WORDS
from services.rubrics import Criterion


def of_course(tx: Transaction, course_id: int) -> dict[int, dict[str, Any]]:
    """Return the rules of the assignments of a course by the ids of their checkpoints."""
    ids = tx.session.scalars(select(col(Assignment.checkpoint_id)).where(col(Assignment.course_id) == course_id)).all()
    return {id_: _written(assignment_rules.rules_of(tx, id_)) for id_ in ids}


def _written(rules: Rules) -> dict[str, Any]:
    new = Rules()
    written = {
        word: getattr(rules, name)
        for word, name in ASSIGNMENT_WORDS.items()
        if getattr(rules, name) != getattr(new, name)
    }
    kinds = sorted(kind.value for kind in rules.file_kinds)
    written |= {} if rules.file_kinds == new.file_kinds else {'kinds': kinds}
    return written | ({'rubric': [criterion(each) for each in rules.rubric]} if rules.rubric else {})


def criterion(criterion: Criterion) -> dict[str, Any]:
    """Return one criterion of a rubric as a file has it."""
    levels = [{'points': level.points, 'text': level.text} for level in criterion.levels]
    return {'criterion': criterion.title, 'levels': levels}
