"""Pictures that come along with questions: stored once, whichever course brings them, and shown to those in a course.

A question that is edited keeps its versions, and attempts keep those; so pictures stay for as long as a version shows
them (`uploads/cleanup_pictures.py`).
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, QuestionPicture
from services import access
from services.access import Actor
from services.content.uploads import storage
from services.content.uploads.serving import Served
from services.content.uploads.storage import Arriving, folder
from services.core import database, threads
from services.core.errors import NotFound, Refused
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.quizzes import importing, pictures
from services.quizzes.formats.findings import PICTURE
from services.quizzes.question import Question

LARGEST_MB = 5
NO_PICTURE = phrase('There is no such picture, or it is not in one of your courses.')


async def bring_in(
    actor: Actor | None, course_id: int, questions: Sequence[Question], brought: Mapping[str, bytes]
) -> list[int]:
    """Put questions of a file into the bank, with the pictures that they show, all of it or nothing; returns their ids.

    `brought` has the pictures of the file by their names.
    """
    wanted, lacking = await database.read(_wanted, actor, course_id, questions)
    stored = await store({name: brought[name] for name in lacking if name in brought})
    sizes = {name: len(brought[name]) for name in wanted if name in brought}
    try:
        return await database.write(_add, actor, course_id, questions, stored, sizes)
    except Exception:  # not where this was cancelled: the write is in line, and is committed all the same
        await threads.shared.go_on(_remove, stored.values())
        raise


async def store(brought: Mapping[str, bytes]) -> dict[str, str]:
    """Put pictures on the disk and return what they are called there; on a failure, none of them is left."""
    stored: dict[str, str] = {}
    try:
        for name, content in brought.items():
            stored[name] = await threads.shared.go_on(_store, content)
    except BaseException:
        await threads.shared.go_on(_remove, stored.values())
        raise
    return stored


def served(tx: Transaction, actor: Actor | None, name: str) -> Served:
    """Return a picture to those who teach or learn in a course that has it; absent and not theirs look the same."""
    actor = access.signed_in(tx, actor)
    if not pictures.is_name(name):
        raise NotFound(NO_PICTURE)
    mine = (col(Enrollment.course_id) == col(QuestionPicture.course_id)) & (col(Enrollment.user_id) == actor.user_id)
    own_first = col(Enrollment.user_id).is_(None), col(QuestionPicture.id)
    found = select(QuestionPicture).outerjoin(Enrollment, mine).where(col(QuestionPicture.name) == name)
    for row in tx.session.scalars(found.order_by(*own_first)):
        try:
            access.course(tx, actor, row.course_id)
        except NotFound:
            continue
        return Served(
            upload_id=row.id,
            path=folder() / row.stored_as,
            media_type=row.media_type,
            name=f'picture.{row.name.rpartition(".")[2]}',
            etag=f'"{row.name}"',
        )
    raise NotFound(NO_PICTURE)


def places(tx: Transaction, actor: Actor | None, course_id: int) -> Mapping[str, str]:
    """Return where the pictures of a course lie, by their names, for those who teach it."""
    access.taught_course(tx, actor, course_id)
    return pictures.of_course(tx, course_id)


async def for_export(
    actor: Actor | None, course_id: int, questions: Sequence[Question]
) -> tuple[tuple[Question, ...], dict[str, bytes]]:
    """Return questions as writers of files take them, and the pictures that they show, as many as fit into a file."""
    there = await database.read(places, actor, course_id)
    wanted = {name: there[name] for each in questions for name in sorted(pictures.names_in(each)) if name in there}
    found = await threads.shared.run(_contents, wanted)

    def named(text: str) -> str:
        for name in found:
            text = text.replace(f'{pictures.ADDRESS}{name}', f'{PICTURE}{name}')
        return text if pictures.ADDRESS not in text else _without(text)

    return tuple(pictures.changed(each, named) if pictures.names_in(each) else each for each in questions), found


def _without(text: str) -> str:
    """Return a text with words for the pictures that do not come along."""
    hidden = text.replace(f']({PICTURE}', '](kept:')
    return pictures.in_words(hidden).replace('](kept:', f']({PICTURE}')


def _contents(wanted: Mapping[str, str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = pictures.MOST_TOGETHER
    for name, stored_as in wanted.items():
        path = folder() / stored_as
        if path.is_file() and (left := left - path.stat().st_size) >= 0:
            found[name] = path.read_bytes()
    return found


def _wanted(
    tx: Transaction, actor: Actor | None, course_id: int, questions: Sequence[Question]
) -> tuple[set[str], set[str]]:
    """Return the pictures of the questions that would be new, and those of them that are not on the disk yet."""
    new = importing.plan(tx, actor, course_id, questions).new
    names = {name for each in new for name in pictures.names_in(each)}
    return names, names - pictures.of_all(tx, names).keys()


def _add(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    questions: Sequence[Question],
    stored: Mapping[str, str],
    sizes: Mapping[str, int],
) -> list[int]:
    ids = importing.bring_in(tx, actor, course_id, questions)
    lies = pictures.of_all(tx, sizes, held=True) | dict(stored)
    if not sizes.keys() <= lies.keys():
        raise Refused('Pictures that nothing showed were cleared away just now. Bring the file in again.')
    for name in sorted(sizes.keys() - pictures.of_course(tx, course_id).keys()):
        pictures.keep(tx, course_id, name, stored_as=lies[name], size=sizes[name])
    tx.session.flush()
    return ids


def _store(content: bytes) -> str:
    arriving = Arriving(LARGEST_MB)
    try:
        arriving.expect(len(content))
        arriving.write(content)
        arriving.close()
        return arriving.keep()
    finally:
        arriving.discard()


def _remove(stored: Iterable[str]) -> None:
    for name in list(stored):
        storage.remove(name)
