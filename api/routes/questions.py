"""`/api/courses/{course_id}/questions`, `/api/questions`: the questions of a course, and what a changed one means."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, Field

from api.auth import Person
from api.idempotency import Once
from api.paging import Paging
from api.question_forms import BankPage, QuestionForm, QuestionShown, bank_page
from api.subject import Subject
from api.types import Body, Id, that_can_be_looked_for
from services.core import database, jobs
from services.enums import Change
from services.quizzes import bank, dry_runs, marking, regrading, results
from services.quizzes.answer import LONGEST_LINE
from services.quizzes.dry_runs import DryRun
from services.quizzes.regrading import LONGEST_REASON
from services.quizzes.results import WrongGroup

router = Subject(tags=['questions'])

Words = Annotated[
    str, Query(max_length=500, description='words that all occur'), AfterValidator(that_can_be_looked_for)
]
Tag = Annotated[str, Query(max_length=80, description='a tag that it has'), AfterValidator(that_can_be_looked_for)]


class Tried(Body):
    """A question as it would be, and what that would mean for attempts that are over."""

    question: QuestionForm
    change: Change = Field(default=Change.FROM_NOW_ON, examples=['regrade'])
    keeps_better: bool = Field(default=True, description='whether nobody loses points by it')


class Changed(Tried):
    """A question as it is from now on, and what that means for attempts that are over."""

    reason: str = Field(default='', max_length=LONGEST_REASON, examples=['Silt is right as well.'])


class Accepted(Body):
    """One more answer that is right."""

    answer: str = Field(max_length=LONGEST_LINE, examples=['peat'])


@router.get('/courses/{course_id}/questions')
async def questions(course_id: Id, actor: Person, place: Paging, words: Words = '', tag: Tag = '') -> BankPage:
    """The questions of a course, or those with all words and the tag, newest first."""
    found = await database.read(bank.of_course, actor, course_id, words=words, tag=tag)
    return bank_page(found, after=place.after, limit=place.limit)


@router.post('/courses/{course_id}/questions', status_code=201)
async def add(course_id: Id, question: QuestionForm, actor: Person, once: Once) -> QuestionShown:
    """Put a question into the bank of a course."""
    question_id = await once.write(int, bank.add, actor, course_id, question.content())
    return QuestionShown.of(await database.read(bank.one, actor, question_id))


@router.get('/questions/{question_id}')
async def one(question_id: Id, actor: Person) -> QuestionShown:
    """A question with its key, for those who teach its course."""
    return QuestionShown.of(await database.read(bank.one, actor, question_id))


@router.put('/questions/{question_id}')
async def edit(question_id: Id, changed: Changed, actor: Person) -> QuestionShown:
    """Give a question a new version. Attempts that are over are graded anew a moment later, if `change` says so."""
    await database.write(
        regrading.edit,
        actor,
        question_id,
        changed.question.content(),
        change=changed.change,
        keeps_better=changed.keeps_better,
        reason=changed.reason,
    )
    return await _regraded(question_id, actor)


@router.delete('/questions/{question_id}', status_code=204)
async def delete(question_id: Id, actor: Person) -> None:
    """Take a question out of the bank; attempts keep it, and `restore` brings it back."""
    await database.write(bank.delete, actor, question_id)


@router.post('/questions/{question_id}/restore', status_code=204)
async def restore(question_id: Id, actor: Person) -> None:
    """Bring a question back into the bank."""
    await database.write(bank.restore, actor, question_id)


@router.post('/questions/{question_id}/dry-run')
async def dry_run(question_id: Id, tried: Tried, actor: Person) -> DryRun:
    """Say whose scores a change would move, and change nothing."""
    content, change, keeps_better = tried.question.content(), tried.change, tried.keeps_better
    return await database.read(
        dry_runs.of_change, actor, question_id, content, change=change, keeps_better=keeps_better
    )


@router.post('/questions/{question_id}/accept')
async def accept(question_id: Id, accepted: Accepted, actor: Person) -> QuestionShown:
    """Take one more answer to a short text or a number as right, for everybody who gave it."""
    await database.write(regrading.accept_too, actor, question_id, answer=accepted.answer)
    return await _regraded(question_id, actor)


@router.get('/questions/{question_id}/wrong-answers')
async def wrong_answers(question_id: Id, actor: Person) -> tuple[WrongGroup, ...]:
    """What was answered and got nothing, in groups, the most frequent first; fifty at most."""
    return await database.read(results.wrong_answers, actor, question_id)


@router.get('/questions/{question_id}/remarks')
async def remarks(question_id: Id, actor: Person) -> tuple[str, ...]:
    """What was remarked on answers to a question, the most frequent first, to be used again; twenty at most."""
    return await database.read(marking.remarks, actor, question_id)


async def _regraded(question_id: int, actor: Person) -> QuestionShown:
    jobs.hurry(regrading.NAME)
    return QuestionShown.of(await database.read(bank.one, actor, question_id))
