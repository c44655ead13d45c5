"""The grades of a course as files: `/courses/{course_id}/gradebook.csv` and `.xlsx`, which can be brought in again."""

from decimal import Decimal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.core import database
from services.core.csv import Value
from services.grades import gradebook
from services.grades.book import Cell, Gradebook, Mark
from services.grades.entering import EXCUSED
from services.grades.explaining import shown
from services.grades.file_columns import PERSON_ID, heading_of
from ui.kit.group_filter import chosen_group
from ui.kit.language import _
from ui.shell.downloads import Download, hand_out, spreadsheet, workbook_of
from ui.shell.request import Visit

router = APIRouter()
FROZEN = 2
"""columns that say who it is"""


@router.get('/courses/{course_id:id}/gradebook.csv')
async def gradebook_csv(request: Request, course_id: int) -> Response:
    """Return the grades of a course as a file that spreadsheets open, in the reader's language."""

    async def make(visit: Visit) -> Download:
        return spreadsheet(f'grades-{course_id}', await _table(visit, request, course_id))

    return await hand_out(request, make, page=f'/courses/{course_id}/gradebook')


@router.get('/courses/{course_id:id}/gradebook.xlsx')
async def gradebook_workbook(request: Request, course_id: int) -> Response:
    """Return the same as a workbook."""

    async def make(visit: Visit) -> Download:
        return await workbook_of(f'grades-{course_id}', await _table(visit, request, course_id), frozen=FROZEN)

    return await hand_out(request, make, page=f'/courses/{course_id}/gradebook')


async def _table(visit: Visit, request: Request, course_id: int) -> list[list[Value]]:
    """Return the grades as they would be typed, and each total rounded down."""
    whole = await database.read(gradebook.of_course, visit.signed_in(), course_id)
    book = whole.of_group(chosen_group(request, whole.groups))
    last = [_('Total'), _('Letter')] if book.how.letters else [_('Total')]
    table: list[list[Value]] = [[PERSON_ID, _('Name'), _('Group'), *map(heading_of, book.things), *last]]
    return table + _lines(book)


def _lines(book: Gradebook) -> list[list[Value]]:
    lines: list[list[Value]] = []
    for row in book.rows:
        total = None if row.explanation.total is None else Decimal(shown(row.explanation.total))
        letter = [row.explanation.letter] if book.how.letters else []
        lines.append([row.user_id, row.name, row.group, *map(_grade, row.cells), total, *letter])
    return lines


def _grade(cell: Cell) -> int | str | None:
    return EXCUSED if cell.mark is Mark.EXCUSED else cell.score
