import gzip
import re
from typing import Any, cast

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.eventually import PATIENCE
from tests.support.running import Server
from ui.shell import assets

pytestmark = pytest.mark.req('O8')


def test_files_that_never_change_are_kept_by_browsers_and_pages_are_not(server: Server) -> None:
    page = httpx.get(f'{server.origin}/', timeout=PATIENCE)
    sheet, script = re.findall(r'(?:href|src)="(/look/\w+\.css|/_nicegui/[^"]+nicegui\.js)"', page.text)

    for path in sheet, script:
        first, second = (httpx.get(server.origin + path, timeout=PATIENCE) for _ in range(2))
        assert first.status_code == 200
        assert first.headers['cache-control'] == 'public, max-age=31536000, immutable'
        assert first.headers['content-encoding'] == 'gzip'
        assert second.content == first.content
        assert second.headers['cache-control'] == first.headers['cache-control']
        assert second.headers['content-type'] == first.headers['content-type']
    assert page.headers['cache-control'] == 'no-store'
    assert 'immutable' not in httpx.get(f'{server.origin}/_nicegui/nothing.js', timeout=PATIENCE).headers.get(
        'cache-control', ''
    )


def test_a_page_is_compressed_in_parts_that_are_one_file(server: Server) -> None:
    for _ in range(2):  # what is the same for all is kept after the first
        packed = httpx.get(f'{server.origin}/sign-in', timeout=PATIENCE)
        plain = httpx.get(f'{server.origin}/sign-in', timeout=PATIENCE, headers={'accept-encoding': 'identity'})

        assert packed.headers['content-encoding'] == 'gzip'
        assert 'content-encoding' not in plain.headers
        assert int(packed.headers['content-length']) < len(gzip.compress(plain.content, assets.ONCE)) * 1.1
        assert _without_ids(packed.text) == _without_ids(plain.text)


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40), st.booleans())
@example(assets.BEGIN, assets.END, b'', True)
@settings(max_examples=30)
def test_whatever_stands_in_a_page_arrives(before: bytes, own: bytes, after: bytes, is_page: bool) -> None:
    body = before + assets.BEGIN + own + assets.END + after if is_page else before + own + after
    compress = assets._InParts(cast(Any, None), 0)

    assert gzip.decompress(compress._compress_body(body, False)) == body


def _without_ids(text: str) -> str:
    """Return a page without what each visitor has of their own: ids, and the signed token of a form."""
    return re.sub(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{20,}\.[\w-]{6}\.[\w-]{27}', '…', text)


def test_a_phone_that_keeps_waymark_among_its_apps_has_its_name_and_icons(server: Server) -> None:
    page = httpx.get(f'{server.origin}/', timeout=PATIENCE).text
    [manifest] = re.findall(r'<link rel="manifest" href="([^"]+)">', page)
    [apple] = re.findall(r'<link rel="apple-touch-icon" href="([^"]+)">', page)

    app = httpx.get(server.origin + manifest, timeout=PATIENCE)

    assert app.headers['content-type'] == 'application/manifest+json'
    assert app.json()['name'] == 'Waymark'
    sizes = {icon['src']: int(icon['sizes'].partition('x')[0]) for icon in app.json()['icons']} | {apple: 180}
    assert set(sizes.values()) == {180, 192, 512}
    for address, size in sizes.items():
        icon = httpx.get(server.origin + address, timeout=PATIENCE)
        assert icon.headers['content-type'] == 'image/png'
        assert icon.content.startswith(b'\x89PNG')
        assert [int.from_bytes(icon.content[at : at + 4], 'big') for at in (16, 20)] == [size, size]
