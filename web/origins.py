"""Which pages of browsers may open a socket here."""

from services.core.server_address import public_url
from settings import settings


def may_open_socket(origin: str | None, environ: dict[str, str]) -> bool:
    """Tell whether a page from `origin` may open a socket here: only our own pages may."""
    if origin is None:
        return True
    host = origin.partition('://')[2]
    return origin == public_url().removesuffix(settings().sub_path) or host == environ.get('HTTP_HOST')
