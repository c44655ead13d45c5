"""`/api/people/{user_id}/parents`, `/api/children`: who is a parent of whom, codes for it, and what each side ends."""

from fastapi import Request
from pydantic import Field

from api.auth import Person, address_of
from api.idempotency import Once
from api.subject import Subject
from api.types import Body, Id, Shape
from services.accounts import guessing, parent_codes
from services.accounts.guessing import Origin
from services.accounts.parent_codes import OpenCode
from services.core import database
from services.parents import children, links, summaries
from services.parents.children import Child
from services.parents.links import Parents

router = Subject(tags=['parents'])


class Blocking(Body):
    """Whether a person is kept from a child."""

    is_blocked: bool = Field(examples=[True])


class ChildCode(Body):
    """The code that a child or the school has handed on."""

    code: str = Field(max_length=40, examples=['K7M2PX'])


class Linked(Shape):
    """The child to whom the parent is linked now."""

    user_id: int


class WeeklyMail(Shape):
    """Whether a parent gets a mail about the week on Sundays."""

    is_wanted: bool


class WeeklyMailChoice(Body):
    """Whether a parent wants a mail about the week on Sundays."""

    is_wanted: bool = Field(examples=[True])


@router.get('/people/{user_id}/parents')
async def of_child(user_id: Id, actor: Person) -> Parents:
    """The parents of a learner, open codes, and who looked when: for the learner, and for those who teach them."""
    return await database.read(links.of_child, actor, child_id=user_id)


@router.post('/people/{user_id}/parents/codes', status_code=201)
async def make_code(user_id: Id, actor: Person, once: Once) -> OpenCode:
    """Make a code with which one parent links themselves to the learner, within a week."""
    return await once.write(OpenCode, parent_codes.make, actor, child_id=user_id)


@router.delete('/people/{user_id}/parents/codes/{code_id}', status_code=204)
async def take_code_back(user_id: Id, code_id: Id, actor: Person) -> None:
    """Let a code lead nowhere from now on."""
    await database.write(parent_codes.take_back, actor, child_id=user_id, code_id=code_id)


@router.delete('/people/{user_id}/parents/{parent_id}', status_code=204)
async def end_link(user_id: Id, parent_id: Id, actor: Person) -> None:
    """End a link: the learner, the parent and the school each do it alone."""
    await database.write(links.end, actor, child_id=user_id, parent_id=parent_id)


@router.put('/people/{user_id}/parents/{parent_id}/blocked', status_code=204)
async def block(user_id: Id, parent_id: Id, blocking: Blocking, actor: Person) -> None:
    """Keep a person from a learner, which ends their link and all codes; only an admin allows them to come back."""
    verb = links.block if blocking.is_blocked else links.unblock
    await database.write(verb, actor, child_id=user_id, parent_id=parent_id)


@router.get('/children')
async def own_children(actor: Person) -> tuple[Child, ...]:
    """The children of the parent who asks; their weeks are at `/dashboard/parent/{parent_id}`."""
    return await database.read(children.of_parent, actor)


@router.post('/children', status_code=201)
async def add_child(child: ChildCode, actor: Person, once: Once, request: Request) -> Linked:
    """Link one more child to a parent, with a code. Wrong codes are counted, as where parents register."""
    with guessing.parent_codes.counted(Origin(address=address_of(request))):
        return Linked(user_id=await once.write(int, parent_codes.add_child, actor, code=child.code))


@router.get('/children/weekly-mail')
async def weekly_mail(actor: Person) -> WeeklyMail:
    """Whether the parent gets a mail about the week on Sundays."""
    return WeeklyMail(is_wanted=await database.read(summaries.own, actor))


@router.put('/children/weekly-mail')
async def choose_weekly_mail(choice: WeeklyMailChoice, actor: Person) -> WeeklyMail:
    """Turn the mail about the week on or off."""
    await database.write(summaries.choose, actor, wanted=choice.is_wanted)
    return WeeklyMail(is_wanted=choice.is_wanted)
