"""`/api/checkpoints/{checkpoint_id}/submission`, `/api/submission-files`: the work of a learner on an assignment."""

from datetime import datetime

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from api import files
from api.assignment_forms import TextForm, WorkSeen
from api.auth import Person
from api.idempotency import OnceOfFile
from api.sent_files import FORM, taken
from api.subject import Subject
from api.types import Id, Made
from services.assignments import file_types
from services.assignments import submissions as work
from services.content.uploads import handed_in
from services.core import database
from web.multipart import SentFile

router = Subject(tags=['submissions'])


class TextSaved(BaseModel):
    """The text is on disk."""

    saved_at: datetime


@router.get('/checkpoints/{checkpoint_id}/submission')
async def own(checkpoint_id: Id, actor: Person) -> WorkSeen:
    """An assignment as the learner meets it: what is asked, their tries, and what came back."""
    return WorkSeen.model_validate(await database.read(work.task, actor, checkpoint_id))


@router.put('/checkpoints/{checkpoint_id}/submission/text')
async def save_text(checkpoint_id: Id, form: TextForm, actor: Person) -> TextSaved:
    """Save the text of the draft; a draft is begun by it where there is none."""
    saved_at = await database.write(work.save_text, actor, checkpoint_id, text=form.text, seen=form.seen)
    return TextSaved(saved_at=saved_at)


@router.post('/checkpoints/{checkpoint_id}/submission/files', status_code=201, openapi_extra=FORM, response_model=Made)
async def add_file(checkpoint_id: Id, actor: Person, request: Request, once: OnceOfFile) -> Made | Response:
    """Add a file to the draft, the one file of a form. What it is, is told by its content."""

    async def take(file: SentFile) -> int:
        return await handed_in.take(actor, checkpoint_id, aiter(file), name=file.name, size=file.size)

    return await taken(request, once, lambda: database.write(handed_in.may_add, actor, checkpoint_id), take)


@router.post('/checkpoints/{checkpoint_id}/submission/submit')
async def submit(checkpoint_id: Id, actor: Person) -> WorkSeen:
    """Hand in what is saved; doing so twice changes nothing."""
    await database.write(work.submit, actor, checkpoint_id)
    return await own(checkpoint_id, actor)


@router.post('/checkpoints/{checkpoint_id}/submission/take-back')
async def take_back(checkpoint_id: Id, actor: Person) -> WorkSeen:
    """Make what was handed in a draft again, until it is due or graded."""
    await database.write(work.take_back, actor, checkpoint_id)
    return await own(checkpoint_id, actor)


@router.get('/submission-files/{file_id}', response_class=Response, responses=files.answers(*file_types.media_types()))
async def get_file(request: Request, file_id: Id, actor: Person) -> Response:
    """A file that was handed in or came back, for its learner and those who teach them; always as a download."""
    return files.hand_out(request, await database.read(handed_in.served, actor, file_id), as_attachment=True)


@router.delete('/submission-files/{file_id}', status_code=204)
async def drop_file(file_id: Id, actor: Person) -> None:
    """Take a file out of the draft of the learner."""
    await database.write(handed_in.drop_own, actor, file_id)
