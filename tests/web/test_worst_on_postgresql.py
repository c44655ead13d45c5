"""The worst in every form, address and page, in front of PostgreSQL: it refuses what SQLite takes, and fails otherwise.

What programs send in bodies reaches PostgreSQL in `tests/api/test_schema.py`.
"""

from pathlib import Path

import pytest

from tests.support.servers import PostgresServer
from tests.support.templates import migrated_database
from tests.web.test_loop_time import fill_the_forms, open_the_pages, tell_the_pages, tried

pytestmark = pytest.mark.req('O7', 'O2')


async def test_nothing_that_people_send_breaks_anything(
    tmp_path: Path, data_dir: Path, postgres_server: PostgresServer
) -> None:
    async with tried(tmp_path, DATABASE_URL=postgres_server.url(migrated_database(postgres_server))) as on:
        begun = len(on.watch.server.journal())

        await fill_the_forms(on)
        await open_the_pages(on)
        await tell_the_pages(on)

        kinds = {each.field.partition(' ')[0] for each in on.watch.sent}
        assert {'form', 'event'} < kinds, 'pages were opened as well'
        assert [f'{each}: {each.status}' for each in on.watch.sent if each.status >= 500] == []
        assert [line for line in on.watch.server.journal()[begun:] if line['level'] == 'error'] == []
