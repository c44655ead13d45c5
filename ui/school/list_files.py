"""`/school/lists/results.zip`: the grades of the classes that lists have brought in, for the system of the school."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.people.oneroster import results
from ui.shell.downloads import Download, hand_out
from ui.shell.request import Visit

router = APIRouter()


@router.get('/school/lists/results.zip')
async def results_zip(request: Request) -> Response:
    """Return the grades of the classes of one system, as OneRoster 1.2."""

    async def make(visit: Visit) -> Download:
        source = request.query_params.get('source', '')[:100]
        content = await results.export(visit.signed_in(), source)
        return Download(name='oneroster-results.zip', content=content, media_type='application/zip')

    return await hand_out(request, make, page='/school/lists')
