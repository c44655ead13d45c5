"""Files that are made for one visitor when they are asked for, or a page that says why there is none."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from services.core import server_log, threads
from services.core.csv import Value, csv_text
from services.core.errors import DomainError, NotSignedIn
from services.core.workbook import MEDIA_TYPE, workbook
from ui.kit.language import reading, say
from ui.shell.request import Visit, visit_of
from ui.shell.static_pages import plain_problem
from web.status import status_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file for one visitor, whole or in pieces; browsers save it unless it `is_shown`."""

    name: str
    content: bytes | str | Iterator[bytes] | AsyncIterator[bytes]
    media_type: str
    is_shown: bool = False


def spreadsheet(name: str, rows: Iterable[Sequence[Value]]) -> Download:
    """Return rows as a CSV file that spreadsheets open; its name needs no ending."""
    return Download(name=f'{name}.csv', content=csv_text(rows), media_type='text/csv; charset=utf-8')


async def workbook_of(name: str, rows: Sequence[Sequence[Value]], *, frozen: int = 0) -> Download:
    """Return rows as a workbook (XLSX), which is written beside the event loop; its name needs no ending."""
    content = await threads.shared.run(workbook, rows, frozen=frozen)
    return Download(name=f'{name}.xlsx', content=content, media_type=MEDIA_TYPE)


async def hand_out(request: Request, make: Callable[[Visit], Awaitable[Download]], *, page: str) -> Response:
    """Answer with a file that is made now in the visitor's language; at `page` a visitor finds it after signing in."""
    server_log.begin_request()
    visit = await visit_of(request)
    with reading(visit.language):
        try:
            file = await make(visit)
        except NotSignedIn:
            return RedirectResponse(f'/sign-in?next={quote(page)}', status_code=303)
        except DomainError as refusal:
            return plain_problem(status_of(refusal), say(refusal))
    shown = 'inline' if file.is_shown else 'attachment'
    headers = {'content-disposition': f'{shown}; filename="{file.name}"', 'cache-control': 'no-store'}
    if isinstance(file.content, bytes | str):
        return Response(file.content, media_type=file.media_type, headers=headers)
    return StreamingResponse(file.content, media_type=file.media_type, headers=headers)
