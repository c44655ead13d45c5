"""What a teacher can do in a course today, as a list to tick off; what is done is gone from it by itself."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models import CheckpointKind
from services.analytics.course_facts import CountedCheckpoint, CourseFacts
from services.core.phrases import Phrase, plural

SOON = timedelta(days=2)
"""until when something is due that is worth a look today"""


class TodoKind(StrEnum):
    """What there is to do, the most urgent first."""

    HELP = 'help'
    GRADE = 'grade'
    DUE = 'due'


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing to do today."""

    key: str
    """names it, as long as it is the same"""
    kind: TodoKind
    checkpoint_id: int
    checkpoint_kind: CheckpointKind
    count: int
    words: Phrase


def todos(facts: CourseFacts) -> tuple[Todo, ...]:
    """Return what there is to do in a course today."""
    return (*_questions(facts), *_to_grade(facts), *_due(facts))


def _questions(facts: CourseFacts) -> Iterator[Todo]:
    asked = Counter(each.checkpoint_id for each in facts.waiting)
    for checkpoint in facts.checkpoints:
        if number := asked[checkpoint.checkpoint_id]:
            words = plural(
                'Answer 1 question about “{step}”',
                'Answer {count} questions about “{step}”',
                number,
                step=checkpoint.title,
            )
            yield _todo(TodoKind.HELP, checkpoint, number, words, facts.today)


def _to_grade(facts: CourseFacts) -> Iterator[Todo]:
    for checkpoint in facts.checkpoints:
        if number := len(facts.ungraded.get(checkpoint.checkpoint_id, ())):
            words = plural('Grade 1 × “{step}”', 'Grade {count} × “{step}”', number, step=checkpoint.title)
            yield _todo(TodoKind.GRADE, checkpoint, number, words, facts.today)


def _due(facts: CourseFacts) -> Iterator[Todo]:
    for checkpoint in facts.checkpoints:
        if checkpoint.due_at is None or not facts.now <= checkpoint.due_at <= facts.now + SOON:
            continue
        begun = facts.begun_at(checkpoint)
        asked = (each for each in facts.learners if not each.paused_at and not each.is_erased)
        number = sum(each.user_id not in begun and checkpoint.checkpoint_id not in each.excused for each in asked)
        if number:
            words = plural(
                '“{step}” is due soon; 1 learner has not begun',
                '“{step}” is due soon; {count} learners have not begun',
                number,
                step=checkpoint.title,
            )
            yield _todo(TodoKind.DUE, checkpoint, number, words, facts.today)


def _todo(kind: TodoKind, checkpoint: CountedCheckpoint, count: int, words: Phrase, today: date) -> Todo:
    return Todo(
        key=f'{kind}:{checkpoint.checkpoint_id}:{today}',
        kind=kind,
        checkpoint_id=checkpoint.checkpoint_id,
        checkpoint_kind=checkpoint.kind,
        count=count,
        words=words,
    )
