"""Documents in courses, and people who read them."""

from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

import typst

from models import Checkpoint, CheckpointKind, Upload
from services.access import Actor
from services.content import documents, reading
from services.content.documents import Read
from services.content.reading import Reading, ReadingPart
from services.content.uploads.storage import folder
from services.core import database
from services.core.transaction import Transaction
from services.progress import counters
from tests.factories.classes import ClassAtHand, CourseAtHand

_numbers = count(1)

TEXT = '\n\n'.join(f'## Part {number}\n\n{"Wet the sample and wait. " * 40}' for number in range(1, 6))


@cache
def a_pdf_file(*, pages: int = 3) -> bytes:
    """A PDF whose pages say which one they are."""
    return typst.compile('#pagebreak()'.join(f'Page {number} on soil.' for number in range(1, pages + 1)).encode())


async def a_text(
    course: CourseAtHand | ClassAtHand, checkpoint: int, *, body: str = TEXT, is_preview: bool = False
) -> None:
    """Make a checkpoint a text."""
    await database.write(_document, course.teacher.user_id, checkpoint, body, None, is_preview)


async def a_pdf(
    course: CourseAtHand | ClassAtHand,
    checkpoint: int,
    *,
    pages: int = 3,
    content: bytes | None = None,
    is_preview: bool = False,
    inside: Path | None = None,
) -> Upload:
    """Make a checkpoint a PDF; `inside` is the data folder of a server that is to hand it out."""
    name = f'{next(_numbers):032x}'
    upload = Upload(
        name='Soil.pdf',
        media_type='application/pdf',
        size=1,
        stored_as=name,
        pages=pages,
        uploaded_by=course.teacher.user_id,
    )
    _write((inside / 'uploads' if inside else folder()) / name, a_pdf_file(pages=pages) if content is None else content)
    await database.write(_document, course.teacher.user_id, checkpoint, '', upload, is_preview)
    return upload


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _document(
    tx: Transaction, owner_id: int, checkpoint_id: int, body: str, upload: Upload | None, is_preview: bool
) -> None:
    checkpoint = tx.session.get_one(Checkpoint, checkpoint_id)
    was_preview = checkpoint.is_preview
    checkpoint.kind, checkpoint.body, checkpoint.is_preview = CheckpointKind.DOCUMENT, body, is_preview
    if upload:
        upload.uploaded_at = tx.now
        tx.session.add(upload)
        tx.session.flush()
        checkpoint.file_id = upload.id
    tx.session.add(checkpoint)
    tx.session.flush()
    if is_preview and not was_preview:
        counters.cease_to_count(tx, checkpoint.course_id, [checkpoint_id])


@dataclass(slots=True)
class Bookworm:
    """Somebody in front of one page with a document; time passes only when they read."""

    learner: Actor | None
    checkpoint: int
    parts: list[ReadingPart] = field(default_factory=lambda: reading.pages(3))
    file_id: int | None = None
    now: float = 1000.0
    saved: Read = field(default_factory=Read)
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        self.reading = Reading(self.parts)

    async def opens(self) -> Read:
        """Load the page anew."""
        self.saved = await database.read(documents.so_far, self.learner, self.checkpoint)
        self.reading = Reading(self.parts, seen=self.saved.seen, at=self.saved.position)
        return self.saved

    async def reads(self, *shown: int, seconds: float) -> None:
        """Have these parts on the screen for so long."""
        self.reading.show(shown, self.now)
        self.now += seconds
        self.reading.pass_time(self.now)
        await self.saves()

    async def leaves(self) -> None:
        self.reading.leave(self.now)
        await self.saves()

    async def saves(self) -> None:
        if told := self.reading.take():
            self.saved = await database.write(
                documents.save, self.learner, self.checkpoint, file_id=self.file_id, told=told
            )
