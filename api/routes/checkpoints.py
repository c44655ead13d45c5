"""`/api/checkpoints`, `/api/courses/{course_id}/checkpoints`: checkpoints of a course, their order, and previews."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from api.auth import Person
from api.idempotency import Once
from api.subject import Subject
from api.types import Body, Id, IdField
from services.content import checkpoint_views
from services.content.checkpoint_views import CheckpointShown, ModuleShown, PreviewShown
from services.core import database
from services.courses import checkpoints, ordering
from services.courses.checkpoints import Details
from services.courses.ordering import Order
from services.enums import CheckpointKind

router = Subject(tags=['checkpoints'])

MOST_NAMED = 1_000


class CheckpointBody(Body):
    """What is said about a checkpoint."""

    title: str = Field(max_length=500, examples=['Wet the sample'])
    kind: CheckpointKind | None = Field(
        default=None,
        examples=['marker'],
        description='`marker`, `video` or `document`; left out, it stays what it is, and a new one is a marker',
    )
    description: str = Field(default='', max_length=20_000, description='what to do there, as Markdown')
    body: str = Field(default='', max_length=200_000, description='what there is to read in a document, as Markdown')
    link: str = Field(
        default='',
        max_length=2_000,
        examples=['https://youtu.be/aBcDeFgHiJk'],
        description='the address of a video elsewhere, beginning with https://; shown where the video has no file',
    )
    estimated_minutes: int | None = Field(default=None, ge=1, le=checkpoints.MOST_MINUTES, examples=[5])
    due_at: AwareDatetime | None = Field(default=None, examples=['2027-03-01T08:00:00Z'])
    tags: tuple[Annotated[str, Field(max_length=200)], ...] = Field(default=(), max_length=100, examples=[['soil']])
    is_preview: bool = Field(default=False, description='open to anyone with the address, and never counted')

    def details(self) -> Details:
        """Return them as the services take them."""
        return Details(
            title=self.title,
            kind=self.kind or CheckpointKind.MARKER,
            description=self.description,
            body=self.body,
            link=self.link,
            estimated_minutes=self.estimated_minutes,
            due_at=self.due_at,
            tags=self.tags,
            is_preview=self.is_preview,
        )


class NewCheckpoint(CheckpointBody):
    """A checkpoint, and where it goes."""

    module_id: IdField | None = Field(default=None, description='at whose end it is put; else the last module')


class PastedLines(Body):
    """Many checkpoints at once."""

    lines: str = Field(
        max_length=200_000,
        examples=['Wet the sample (5 min)\nFind the layers\nDraw what you see'],
        description='one for each line; a line may end with its minutes',
    )


class Added(BaseModel):
    """The checkpoints that are new, in order."""

    checkpoint_ids: list[int]


class ModuleOrder(Body):
    """All checkpoints of one module, from the first to the last."""

    module_id: IdField
    checkpoint_ids: tuple[IdField, ...] = Field(max_length=MOST_NAMED, examples=[[33, 31, 32]])


class WholeOrder(Body):
    """The modules whose order changes, each with all its checkpoints."""

    modules: tuple[ModuleOrder, ...] = Field(max_length=MOST_NAMED)


class CheckpointPlace(Body):
    """Where a checkpoint goes."""

    module_id: IdField
    index: int = Field(ge=0, le=10_000, examples=[0], description='how many checkpoints come before it')


@router.get('/courses/{course_id}/checkpoints')
async def of_course(course_id: Id, actor: Person) -> tuple[ModuleShown, ...]:
    """The modules of a course in order, each with its checkpoints in order."""
    return await database.read(checkpoint_views.of_course, actor, course_id)


@router.post('/courses/{course_id}/checkpoints', status_code=201)
async def add(course_id: Id, checkpoint: NewCheckpoint, actor: Person, once: Once) -> CheckpointShown:
    """Add a checkpoint at the end of a module."""
    checkpoint_id = await once.write(
        int, checkpoints.add_one, actor, course_id, details=checkpoint.details(), module_id=checkpoint.module_id
    )
    return await database.read(checkpoint_views.in_full, actor, checkpoint_id)


@router.post('/modules/{module_id}/checkpoints', status_code=201)
async def paste(module_id: Id, pasted: PastedLines, actor: Person, once: Once) -> Added:
    """Add a checkpoint for each line, at the end of a module."""
    added = await once.write(list[int], checkpoints.add, actor, module_id, lines=pasted.lines)
    return Added(checkpoint_ids=added)


@router.patch('/checkpoints/reorder', status_code=204)
async def reorder(order: WholeOrder, actor: Person) -> None:
    """Put the checkpoints of some modules in a new order, also from one of them into another, all at once.

    What the modules have between them must be named in full: an order that leaves out a checkpoint, because somebody
    has added one meanwhile, is refused with 409 and changes nothing.
    """
    orders = [Order(module_id=each.module_id, checkpoint_ids=each.checkpoint_ids) for each in order.modules]
    await database.write(ordering.reorder, actor, orders)


@router.get('/checkpoints/{checkpoint_id}')
async def one(checkpoint_id: Id, actor: Person) -> CheckpointShown:
    """One checkpoint, with what there is to read."""
    return await database.read(checkpoint_views.in_full, actor, checkpoint_id)


@router.put('/checkpoints/{checkpoint_id}')
async def edit(checkpoint_id: Id, checkpoint: CheckpointBody, actor: Person) -> CheckpointShown:
    """Change what is said about a checkpoint; of another kind, it lets go of its file."""
    details, keep_kind = checkpoint.details(), checkpoint.kind is None
    await database.write(checkpoints.edit, actor, checkpoint_id, details, keep_kind=keep_kind)
    return await database.read(checkpoint_views.in_full, actor, checkpoint_id)


@router.delete('/checkpoints/{checkpoint_id}', status_code=204)
async def delete(checkpoint_id: Id, actor: Person) -> None:
    """Delete a checkpoint; what learners did there is kept, and `restore` brings it back."""
    await database.write(checkpoints.delete, actor, checkpoint_id)


@router.post('/checkpoints/{checkpoint_id}/restore', status_code=204)
async def restore(checkpoint_id: Id, actor: Person) -> None:
    """Bring a deleted checkpoint back where it was."""
    await database.write(checkpoints.restore, actor, checkpoint_id)


@router.post('/checkpoints/{checkpoint_id}/move', status_code=204)
async def move(checkpoint_id: Id, place: CheckpointPlace, actor: Person) -> None:
    """Put a checkpoint in another place, also in another module of its course."""
    await database.write(checkpoints.move, actor, checkpoint_id, module_id=place.module_id, index=place.index)


@router.get('/previews/{checkpoint_id}')
async def preview(checkpoint_id: Id) -> PreviewShown:
    """A checkpoint that is open to anyone; needs no token."""
    return await database.read(checkpoint_views.preview, checkpoint_id)
