"""Makes a course and learners with tokens for `bench.api`: `python -m bench.build_programs <checkpoints> <learners>`.

Its last line is JSON: the ids of the checkpoints, and an access token for each learner.
"""

import asyncio
import sys

import orjson

import migrations
from bench.build_school import instructor
from services import projections
from services.accounts import tokens
from services.core import database
from services.courses import catalog, outline
from services.courses.checkpoints import add as add_checkpoints
from services.people import joining
from settings import settings


async def build(checkpoints: int, learners: int) -> dict[str, object]:
    """Create the course and its learners, each with a program."""
    teacher = (await instructor()).actor
    course_id = await database.write(catalog.create, teacher, title='A course for programs')
    (section,) = await database.read(outline.sections, teacher, course_id)
    lines = '\n'.join(f'Step {number}' for number in range(1, checkpoints + 1))
    checkpoint_ids = await database.write(add_checkpoints, teacher, section.module_id, lines=lines)
    code = (await database.read(catalog.facts, teacher, course_id)).code
    found = []
    for number in range(1, learners + 1):
        joined = await database.write(joining.join_as_guest, code=code, name=f'Student {number:04}', device='bench')
        assert joined.entered is not None
        found.append(await database.write(tokens.enter, joined.entered.actor.user_id, 'bench'))
    return {'steps': checkpoint_ids, 'tokens': [each.access_token for each in found]}


async def main() -> None:
    """Migrate, build, and print."""
    migrations.upgrade(settings().database_url)
    database.open_at(settings().database_url, projections.ALL)
    try:
        made = await build(checkpoints=int(sys.argv[1]), learners=int(sys.argv[2]))
    finally:
        database.close()
    print(orjson.dumps(made).decode())


if __name__ == '__main__':
    asyncio.run(main())
