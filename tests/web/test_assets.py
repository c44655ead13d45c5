import re

import httpx
import pytest

from tests.support.running import Server

pytestmark = pytest.mark.req('O8')


def test_files_that_never_change_are_kept_by_browsers_and_pages_are_not(server: Server) -> None:
    page = httpx.get(f'{server.origin}/')
    sheet, script = re.findall(r'(?:href|src)="(/look/\w+\.css|/_nicegui/[^"]+nicegui\.js)"', page.text)

    for path in sheet, script:
        first, second = (httpx.get(server.origin + path) for _ in range(2))
        assert first.status_code == 200
        assert first.headers['cache-control'] == 'public, max-age=31536000, immutable'
        assert first.headers['content-encoding'] == 'gzip'
        assert second.content == first.content
        assert second.headers['cache-control'] == first.headers['cache-control']
        assert second.headers['content-type'] == first.headers['content-type']
    assert page.headers['cache-control'] == 'no-store'
    assert 'immutable' not in httpx.get(f'{server.origin}/_nicegui/nothing.js').headers.get('cache-control', '')
