"""`/api/checkpoints/{checkpoint_id}/assignment`, `/api/submissions`: assignments for those who teach."""

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.assignment_forms import (
    AssignmentForm,
    AssignmentSeen,
    DeskSeen,
    DueForm,
    DueSeen,
    LineSeen,
    WorkGradeForm,
)
from api.auth import Person
from api.idempotency import OnceOfFile
from api.paging import Page, Paging, page_of
from api.sent_files import FORM, taken
from api.subject import Subject
from api.types import Id, Made
from services.assignments import desk, grading
from services.assignments import rules as assignment_rules
from services.assignments.desk import Pile
from services.content.uploads import files_back
from services.core import database
from web.multipart import SentFile

router = Subject(tags=['assignments'])


class Returned(BaseModel):
    """How many works were returned."""

    returned: int


@router.get('/courses/{course_id}/assignments')
async def assignments(course_id: Id, actor: Person) -> tuple[Pile, ...]:
    """The assignments of a course, with how many works wait for a grade or to be returned."""
    return await database.read(desk.of_course, actor, course_id)


@router.get('/checkpoints/{checkpoint_id}/assignment')
async def assignment(checkpoint_id: Id, actor: Person) -> AssignmentSeen:
    """How an assignment is handed in and graded; one that nobody has set up has the usual rules."""
    return AssignmentSeen.model_validate(await database.read(assignment_rules.of_checkpoint, actor, checkpoint_id))


@router.put('/checkpoints/{checkpoint_id}/assignment')
async def set_rules(checkpoint_id: Id, form: AssignmentForm, actor: Person) -> AssignmentSeen:
    """Say how an assignment is handed in and graded. What was handed in and graded stays."""
    await database.write(assignment_rules.set_rules, actor, checkpoint_id, form.rules())
    return await assignment(checkpoint_id, actor)


@router.get('/checkpoints/{checkpoint_id}/assignment/due-dates')
async def due_dates(checkpoint_id: Id, actor: Person) -> tuple[DueSeen, ...]:
    """The groups and learners of an assignment, each with the later date that was agreed on."""
    found = await database.read(assignment_rules.agreed_dates, actor, checkpoint_id)
    return tuple(DueSeen.model_validate(each) for each in found)


@router.put('/checkpoints/{checkpoint_id}/assignment/due-dates', status_code=204)
async def extend(checkpoint_id: Id, form: DueForm, actor: Person) -> None:
    """Agree on a later due date with one learner or one group."""
    await database.write(assignment_rules.extend, actor, checkpoint_id, **form.model_dump())


@router.get('/checkpoints/{checkpoint_id}/submissions')
async def submissions(checkpoint_id: Id, actor: Person, place: Paging) -> Page[LineSeen]:
    """All learners of an assignment: who has handed in what, and who is missing."""
    found = await database.read(desk.of_assignment, actor, checkpoint_id)
    return page_of([LineSeen.model_validate(each) for each in found], place, by=lambda each: each.user_id)


@router.post('/checkpoints/{checkpoint_id}/submissions/return')
async def give_back(checkpoint_id: Id, actor: Person) -> Returned:
    """Return all work of an assignment that is graded and waits for it."""
    return Returned(returned=await database.write(grading.give_back, actor, checkpoint_id))


@router.get('/submissions/{submission_id}')
async def on_desk(submission_id: Id, actor: Person, names: bool | None = None) -> DeskSeen:
    """One work that was handed in. Names are shown as the assignment says, or as `names` asks."""
    return DeskSeen.model_validate(await database.read(desk.on_desk, actor, submission_id, names=names))


@router.put('/submissions/{submission_id}/grade')
async def grade(submission_id: Id, form: WorkGradeForm, actor: Person) -> DeskSeen:
    """Grade what was handed in, by a grade or by the levels of its rubric."""
    await database.write(
        grading.grade,
        actor,
        submission_id,
        grade=form.grade,
        choices=[each.choice() for each in form.choices],
        feedback=form.feedback,
        seen=form.seen,
        seen_work=form.seen_work,
        returns=form.returns,
    )
    return await on_desk(submission_id, actor)


@router.post('/submissions/{submission_id}/files', status_code=201, openapi_extra=FORM, response_model=Made)
async def add_file(submission_id: Id, actor: Person, request: Request, once: OnceOfFile) -> Made | Response:
    """Let a file come back with a work; the learner gets it once the work is returned."""

    async def take(file: SentFile) -> int:
        return await files_back.take(actor, submission_id, aiter(file), name=file.name, size=file.size)

    return await taken(request, once, lambda: database.read(files_back.may_add, actor, submission_id), take)


@router.delete('/submissions/{submission_id}/files/{file_id}', status_code=204)
async def drop_file(submission_id: Id, file_id: Id, actor: Person) -> None:
    """Take away a file that would come back, or did."""
    await database.write(files_back.drop, actor, submission_id, file_id)
