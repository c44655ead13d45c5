import re

import httpx
import pytest

from tests.support.eventually import PATIENCE
from tests.support.running import Server

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
