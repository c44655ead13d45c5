"""How a course is graded goes along with it: into its copy, into its file, and out of a file.

In a file, a category is named; a quiz or an assignment says in which category it is, and whether it counts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from models import Checkpoint, GradeCategory, GradedItem, Grading
from services.core.errors import Invalid
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.courses.carried import carried_of
from services.courses.draft import DraftGrade, DraftGrading
from services.courses.file_nodes import Node, Nodes, cut
from services.courses.grade_rules import (
    MOST_CATEGORIES,
    MOST_LETTERS,
    Category,
    check_categories,
    checked_letters,
    checked_name,
)


def copy(tx: Transaction, course_id: int, copy_id: int, checkpoints: Mapping[int, int]) -> None:
    """Copy how a course is graded; `checkpoints` says which checkpoint of the copy is which."""
    if (found := tx.session.get(Grading, course_id)) is not None:
        tx.session.add(Grading(course_id=copy_id, **carried_of(found)))
    categories = _categories(tx, course_id)
    copies = [GradeCategory(course_id=copy_id, **carried_of(each)) for each in categories]
    tx.session.add_all(copies)
    tx.session.flush()
    ids = {each.id: copied.id for each, copied in zip(categories, copies, strict=True)}
    for item in _items(tx, course_id):
        if item.checkpoint_id in checkpoints:
            placed = {'checkpoint_id': checkpoints[item.checkpoint_id], 'category_id': ids.get(item.category_id or 0)}
            tx.session.add(GradedItem(course_id=copy_id, **carried_of(item) | placed))


def exported(tx: Transaction, course_id: int) -> dict[str, Any]:
    """Return how a course is graded, as its file says it; nothing where it is graded as every new course."""
    found = tx.session.get(Grading, course_id)
    written: dict[str, Any] = {'missing_counts': True} if found and found.missing_counts else {}
    if found and found.letters:
        written['letters'] = [{'from': percent, 'letter': letter} for percent, letter in found.letters]
    if categories := _categories(tx, course_id):
        written['categories'] = [
            {'name': each.name, 'weight': each.weight, 'drop_lowest': each.drop_lowest} for each in categories
        ]
    return written


def exported_items(tx: Transaction, course_id: int) -> dict[int, dict[str, Any]]:
    """Return how each graded checkpoint counts, where that is not as usual."""
    names = {each.id: each.name for each in _categories(tx, course_id)}
    found = {}
    for item in _items(tx, course_id):
        said: dict[str, Any] = {'category': names[item.category_id]} if item.category_id else {}
        said |= {} if item.counts else {'counts': False}
        if said:
            found[item.checkpoint_id] = said
    return found


def read(nodes: Nodes, node: Node | None) -> DraftGrading:
    """Read how a course of a file is graded."""
    if node is None:
        return DraftGrading()
    parts = nodes.parts(node, phrase('the grading'), ('missing_counts', 'letters', 'categories'), needed=())
    return DraftGrading(
        missing_counts=nodes.flag(parts.get('missing_counts')),
        letters=_letters(nodes, parts.get('letters')),
        categories=_read_categories(nodes, parts.get('categories')),
    )


def read_item(nodes: Nodes, node: Node, grading: DraftGrading) -> DraftGrade:
    """Read how one graded checkpoint counts; its category is one of those of the file."""
    parts = nodes.parts(node, phrase('the grade'), ('category', 'counts'), needed=())
    category = nodes.checked(parts.get('category'), checked_name)
    if category and category not in {each.name for each in grading.categories}:
        nodes.wrong(parts['category'], phrase('there is no category “{name}” in this file.', name=cut(category)))
    return DraftGrade(category=category, counts=nodes.flag(parts['counts']) if 'counts' in parts else True)


def make(
    tx: Transaction, course_id: int, grading: DraftGrading, items: Sequence[tuple[Checkpoint, DraftGrade]]
) -> None:
    """Grade a new course as its file says."""
    if grading.missing_counts or grading.letters:
        letters: list[list[int | str]] = [[percent, letter] for percent, letter in grading.letters]
        tx.session.add(Grading(course_id=course_id, missing_counts=grading.missing_counts, letters=letters))
    rows = [
        GradeCategory(
            course_id=course_id, name=each.name, weight=each.weight, drop_lowest=each.drop_lowest, position=place
        )
        for place, each in enumerate(grading.categories)
    ]
    tx.session.add_all(rows)
    tx.session.flush()
    ids = {row.name: row.id for row in rows}
    tx.session.add_all(
        GradedItem(
            checkpoint_id=checkpoint.id, course_id=course_id, category_id=ids.get(each.category), counts=each.counts
        )
        for checkpoint, each in items
    )


def _categories(tx: Transaction, course_id: int) -> Sequence[GradeCategory]:
    ours = select(GradeCategory).where(col(GradeCategory.course_id) == course_id)
    return tx.session.scalars(ours.order_by(col(GradeCategory.position), col(GradeCategory.id))).all()


def _items(tx: Transaction, course_id: int) -> Sequence[GradedItem]:
    ours = select(GradedItem).where(col(GradedItem.course_id) == course_id)
    return tx.session.scalars(ours.order_by(col(GradedItem.checkpoint_id))).all()


def _letters(nodes: Nodes, node: Node | None) -> tuple[tuple[int, str], ...]:
    if node is None:
        return ()
    read = []
    for each in nodes.items(node, phrase('the letters'), most=MOST_LETTERS):
        parts = nodes.parts(each, phrase('the letter'), needed=('from', 'letter'))
        if {'from', 'letter'} <= parts.keys():
            read.append((nodes.number(parts['from']), nodes.word(parts['letter'])))
    try:
        return () if nodes.problems else checked_letters(read)
    except Invalid as refusal:
        nodes.wrong(node, refusal.sentence)
        return ()


def _read_categories(nodes: Nodes, node: Node | None) -> tuple[Category, ...]:
    if node is None:
        return ()
    read = []
    for each in nodes.items(node, phrase('the categories'), most=MOST_CATEGORIES):
        parts = nodes.parts(each, phrase('the category'), ('drop_lowest',), needed=('name', 'weight'))
        weight, drop = (nodes.number(parts[name]) if name in parts else 0 for name in ('weight', 'drop_lowest'))
        name = nodes.checked(parts.get('name'), checked_name)
        read.append(Category(category_id=0, name=name, weight=weight, drop_lowest=drop))
    try:
        if not nodes.problems:
            check_categories(read)
    except Invalid as refusal:
        nodes.wrong(node, refusal.sentence)
    return tuple(read)
