"""How tests give files for checkpoints, and look at what has become of them."""

from collections.abc import AsyncIterator

from sqlalchemy import func, select
from sqlmodel import col

from models import Upload
from services.access import Actor
from services.content.uploads.receiving import take
from services.content.uploads.serving import Served, served
from services.content.uploads.slots import Part
from services.content.uploads.storage import folder
from services.core import database
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.checkpoints import Details
from tests.factories.classes import CourseAtHand


async def give(course: CourseAtHand, part: Part, content: bytes, *, name: str) -> Served:
    await take(course.teacher, course.checkpoints[0], part, in_pieces(content), name=name, size=len(content))
    return await hand_out(course, part)


async def edit(course: CourseAtHand, details: Details) -> None:
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)


async def hand_out(course: CourseAtHand, part: Part, *, to: Actor | None = None) -> Served:
    return await database.read(served, to or course.teacher, course.checkpoints[0], part)


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), 1000):
        yield content[begin : begin + 1000]


async def unread() -> AsyncIterator[bytes]:
    raise AssertionError('nothing of it should be read')
    yield b''


def on_disk() -> list[str]:
    return sorted(path.name for path in folder().iterdir()) if folder().exists() else []


def count_uploads(tx: Transaction) -> int:
    return tx.execute(select(func.count(col(Upload.id)))).scalar_one()
