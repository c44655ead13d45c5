"""Every address that leads nowhere. Declared last, because it matches them all."""

from fastapi.responses import Response

from services.core.errors import NotFound
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/{path:path}', title='Not here')
    async def not_found(visit: Visit, path: str) -> Response | None:
        raise NotFound('Perhaps the address was mistyped, or what was here is gone.')
