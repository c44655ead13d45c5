"""PDFs, page by page, for people who may read them."""

from dataclasses import dataclass
from pathlib import Path

from models import Upload
from services.access import Actor
from services.content import pdf_pages
from services.content.pdf_pages import Words
from services.content.uploads import serving
from services.content.uploads.slots import Part
from services.core import database
from services.core.errors import NotFound
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A PDF, ready to be shown page by page."""

    path: Path
    pages: int

    def index(self, number: int) -> int:
        """Return the index of a page by its number, which counts from 1."""
        if not 1 <= number <= self.pages:
            raise NotFound('There is no such page in this document.')
        return number - 1


def paper(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Paper:
    """Return the PDF of a checkpoint to people who may read it; absent and not yours look the same."""
    served = serving.served(tx, actor, checkpoint_id, Part.FILE)
    return Paper(path=served.path, pages=tx.session.get_one(Upload, served.upload_id).pages or 0)


async def words(actor: Actor | None, checkpoint_id: int, number: int) -> Words:
    """Return what a page of the PDF of a checkpoint says."""
    found = await database.read(paper, actor, checkpoint_id)
    return await pdf_pages.words(found.path, found.index(number))
