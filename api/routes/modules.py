"""`/api/modules`: the parts of a course. Its checkpoints are read with `GET /courses/{course_id}/checkpoints`."""

from pydantic import Field

from api.auth import Person
from api.idempotency import Once
from api.subject import Subject
from api.types import Body, Id, Made
from services.core import database
from services.courses import modules

router = Subject(tags=['modules'])


class ModuleBody(Body):
    """What is said about a module."""

    title: str = Field(max_length=500, examples=['Week 2: water'])
    description: str | None = Field(
        default=None,
        max_length=20_000,
        examples=['Bring **boots**.'],
        description='what learners read before its checkpoints, as Markdown; left out, it stays as it is',
    )


class ModulePlace(Body):
    """Where a module goes."""

    index: int = Field(ge=0, le=10_000, examples=[0], description='how many modules come before it')


@router.post('/courses/{course_id}/modules', status_code=201)
async def add(course_id: Id, module: ModuleBody, actor: Person, once: Once) -> Made:
    """Add a module at the end."""
    said = {'title': module.title, 'description': module.description or ''}
    return Made(id=await once.write(int, modules.add, actor, course_id, **said))


@router.put('/modules/{module_id}', status_code=204)
async def edit(module_id: Id, module: ModuleBody, actor: Person) -> None:
    """Change title and description of a module."""
    await database.write(modules.edit, actor, module_id, title=module.title, description=module.description)


@router.delete('/modules/{module_id}', status_code=204)
async def delete(module_id: Id, actor: Person) -> None:
    """Delete a module with its checkpoints; `restore` brings them back together."""
    await database.write(modules.delete, actor, module_id)


@router.post('/modules/{module_id}/restore', status_code=204)
async def restore(module_id: Id, actor: Person) -> None:
    """Bring a module back, with the checkpoints that were deleted together with it."""
    await database.write(modules.restore, actor, module_id)


@router.post('/modules/{module_id}/move', status_code=204)
async def move(module_id: Id, place: ModulePlace, actor: Person) -> None:
    """Put a module in another place of its course."""
    await database.write(modules.move, actor, module_id, index=place.index)
