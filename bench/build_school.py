"""Makes the school of `bench.school` through Waymark's services: `python -m bench.build_school` with how many
checkpoints, students and courses; all but the first course are short and empty.

Its last line is JSON: the fields of `School`.
"""

import asyncio
import sys

import orjson

import migrations
from models import Verb
from services import projections
from services.access import Actor
from services.accounts import registration
from services.accounts.registration import NewAccount
from services.accounts.sign_ins import Entered
from services.activity import taps
from services.content.uploads import attaching
from services.content.uploads.attaching import Given
from services.content.uploads.file_types import Found
from services.content.uploads.slots import WEBM, Part
from services.core import database
from services.courses import catalog, outline
from services.courses.checkpoints import add as add_checkpoints
from services.live import sessions
from services.people import joining
from settings import settings
from ui.shell.request import COOKIE

PASSWORD = 'only for measuring 7'
DEVICE = 'bench'
A_VIDEO = Given(name='video.webm', size=1, stored_as='video.webm', found=Found(media_type=WEBM, seconds=600.0))
"""nobody plays it; simulated viewers only say so"""
SHOWN = 12  # students whose cookies are given away; the first by name, so that their rows are on screen


async def build(
    checkpoints: int, students: int, courses: int = 1, *, teacher: Entered | None = None
) -> dict[str, object]:
    """Create the instructor, the course, the open class and its students, who have done some of the checkpoints."""
    teacher = teacher or await instructor()
    course_id = await database.write(catalog.create, teacher.actor, title='A big class')
    section = (await database.read(outline.sections, teacher.actor, course_id))[0]
    lines = '\n'.join(f'Do what step {number} says' for number in range(1, checkpoints + 1))
    checkpoint_ids = await database.write(add_checkpoints, teacher.actor, section.module_id, lines=lines)
    await database.write(attaching.attach, teacher.actor, checkpoint_ids[-1], Part.VIDEO, A_VIDEO)
    session_id = await database.write(sessions.start, teacher.actor, course_id)
    code = (await database.read(catalog.facts, teacher.actor, course_id)).code
    joined = await asyncio.gather(*(_student(code, number) for number in range(1, students + 1)))
    await asyncio.gather(
        *(
            _work(
                one.actor,
                session_id,
                checkpoint_ids[: number % (checkpoints // 2)] if number > SHOWN else checkpoint_ids[:2],
            )
            for number, one in enumerate(joined, start=1)
        )
    )
    for number in range(2, courses + 1):
        other = await database.write(catalog.create, teacher.actor, title=f'Course {number}')
        module = (await database.read(outline.sections, teacher.actor, other))[0].module_id
        await database.write(add_checkpoints, teacher.actor, module, lines='Read\nWrite')
    return {
        'code': code,
        'course_id': course_id,
        'video_id': checkpoint_ids[-1],
        'instructor': {COOKIE: teacher.token},
        'students': {one.actor.name: {COOKIE: one.token} for one in joined[:SHOWN]},
    }


async def instructor() -> Entered:
    """The first admin follows the set-up link and invites an instructor."""
    return (await staff())[1]


async def staff() -> tuple[Entered, Entered]:
    """The same, with the admin before the instructor."""
    link = await database.write(registration.set_up_link)
    admin = await _register('Admin', link or '')
    invitation = await database.write(registration.invite_instructor, admin.actor)
    return admin, await _register('Instructor', invitation)


async def _register(name: str, invitation: str) -> Entered:
    account = NewAccount(name=name, email=f'{name}@example.org', password=PASSWORD, invitation=invitation)
    return await registration.register(account, device=DEVICE)


async def _student(code: str, number: int) -> Entered:
    joined = await database.write(joining.join_as_guest, code=code, name=f'Student {number:04}', device=DEVICE)
    assert joined.entered is not None
    return joined.entered


async def _work(actor: Actor, session_id: int, checkpoint_ids: list[int]) -> None:
    await taps.take(taps.Tap(actor=actor, session_id=session_id, verb=Verb.JOINED, tap_id='bench', checkpoint_id=None))
    for checkpoint_id in checkpoint_ids:
        await taps.take(taps.Tap(
            actor=actor,
            session_id=session_id,
            verb=Verb.COMPLETED,
            tap_id=f'bench {checkpoint_id}',
            checkpoint_id=checkpoint_id,
        ))  # fmt: skip


async def main() -> None:
    """Migrate, build, and print."""
    migrations.upgrade(settings().database_url)
    database.open_at(settings().database_url, projections.ALL)
    try:
        school = await build(checkpoints=int(sys.argv[1]), students=int(sys.argv[2]), courses=int(sys.argv[3]))
    finally:
        database.close()
    print(orjson.dumps(school).decode())


if __name__ == '__main__':
    asyncio.run(main())
