"""How a course comes in from a file: all of it, or nothing, whatever is in the file."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services import access
from services.access import Actor
from services.content import question_pictures
from services.content.course_archive.unpacking import Archive, is_archive
from services.content.uploads import attaching, receiving, storage
from services.content.uploads.attaching import Given
from services.content.uploads.slots import Part
from services.content.uploads.storage import Arriving
from services.core import database, threads
from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.courses import export_file, import_file
from services.courses.draft import Draft, DraftFile
from services.courses.export_file import PICTURES
from services.courses.file_nodes import MOST_PROBLEMS
from services.courses.import_file import LONGEST_FILE, BrokenFile, at_line
from services.quizzes import pictures
from services.quizzes.formats.pictures import LARGEST
from settings import settings


async def bring_in(actor: Actor | None, pieces: AsyncIterator[bytes], *, size: int | None = None) -> int:
    """Make a course of a file, a ZIP or the plain text; returns its id. Nothing is left of a file that is refused.

    `size` is what its sender says, if anything. A person who may not is refused before any of it is read.
    """
    await database.read(export_file.may_import, actor)
    arriving = await threads.shared.go_on(Arriving, settings().max_course_mb)
    try:
        await receiving.write(arriving, pieces, size)
        if not await threads.shared.go_on(is_archive, arriving.path):
            draft = await threads.shared.go_on(_read_plain, arriving)
            return await database.write(export_file.import_course, actor, draft)
        archive = await threads.shared.go_on(Archive, arriving.path)
        try:
            return await _unpack(actor, archive)
        finally:
            await threads.shared.go_on(archive.close)
    finally:
        await threads.shared.go_on(arriving.discard)  # letting go of two gigabytes takes a while


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of questions that lies on the disk."""

    stored_as: str
    size: int


def make(
    tx: Transaction,
    actor: Actor | None,
    draft: Draft,
    given: Mapping[str, Given],
    shown: Mapping[str, Picture] = MappingProxyType({}),
) -> int:
    """Make a course of what a file describes and the files that came with it, by their paths; returns its id.

    `shown` has the pictures that its questions show, by their names.
    """
    actor = access.teacher(tx, actor)
    uploads = {path: attaching.stored(tx, actor, file).id for path, file in given.items()}
    course_id = export_file.import_course(tx, actor, draft, uploads=uploads)
    for name, picture in shown.items():
        pictures.keep(tx, course_id, name, stored_as=picture.stored_as, size=picture.size)
    return course_id


def _read_plain(arriving: Arriving) -> Draft:
    with arriving.path.open('rb') as file:
        return import_file.read(file.read(LONGEST_FILE + 1))


async def _unpack(actor: Actor | None, archive: Archive) -> int:
    draft = await threads.shared.go_on(lambda: import_file.read(archive.description()))
    import_file.check_files(draft, archive)
    given: dict[str, Given] = {}
    shown: dict[str, Picture] = {}
    try:
        await _take_files(draft, archive, given)
        await _take_pictures(draft, archive, shown)
        return await database.write(make, actor, draft, given, shown)
    except BaseException:
        await threads.shared.go_on(_remove, [*given.values(), *shown.values()])
        raise


def _remove(files: list[Given | Picture]) -> None:
    for file in files:
        storage.remove(file.stored_as)


async def _take_files(draft: Draft, archive: Archive, given: dict[str, Given]) -> None:
    """Take every file that a checkpoint refers to, checked like an upload; raises `BrokenFile` with what is wrong."""
    parts: dict[str, str] = {}
    problems: list[Phrase] = []
    for file in draft.files():
        if parts.setdefault(file.path, file.part) != file.part:
            problems.append(_of(file, phrase('another step uses this file as something else.')))
        elif file.path not in given and len(problems) < MOST_PROBLEMS:
            try:
                pieces, size = archive.pieces(file.path), archive.size_of(file.path)
                given[file.path] = await receiving.receive(Part(file.part), pieces, name=file.name, size=size)
            except Invalid as refusal:
                problems.append(_of(file, refusal.sentence))
    if problems:
        raise BrokenFile(problems)


async def _take_pictures(draft: Draft, archive: Archive, shown: dict[str, Picture]) -> None:
    """Take every picture that a question shows; raises `Invalid` for one that is another than its name says."""
    for name in sorted({name for question in draft.questions.values() for name in pictures.names_in(question)}):
        path = f'{PICTURES}{name}'
        if path not in archive:
            continue
        if archive.size_of(path) > LARGEST:
            raise Invalid('“{name}” is larger than a picture of a question may be.', name=path[:80])
        content = b''.join([piece async for piece in archive.pieces(path)])
        if await threads.shared.go_on(pictures.name_of, content) != name:
            raise Invalid(
                '“{name}” is damaged in this ZIP file. Export the course again, or copy the file again.', name=path[:80]
            )
        stored = await question_pictures.store({name: content})
        shown[name] = Picture(stored_as=stored[name], size=len(content))


def _of(file: DraftFile, problem: Phrase) -> Phrase:
    return at_line(file.line, phrase('“{path}”: {problem}', path=file.path[:80], problem=problem))
