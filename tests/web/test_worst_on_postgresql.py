"""The worst in every field, in front of PostgreSQL: it refuses letters, numbers and lengths that SQLite takes."""

from pathlib import Path

import pytest

from tests.support.servers import PostgresServer
from tests.support.templates import migrated_database
from tests.web.test_loop_time import (
    assert_everything_was_tried,
    fill_the_api,
    fill_the_forms,
    open_the_pages,
    tell_the_pages,
    tried,
)

pytestmark = pytest.mark.req('O7', 'O2')


async def test_no_field_and_no_event_breaks_anything(
    tmp_path: Path, data_dir: Path, postgres_server: PostgresServer
) -> None:
    async with tried(tmp_path, DATABASE_URL=postgres_server.url(migrated_database(postgres_server))) as on:
        begun = len(on.watch.server.journal())

        await fill_the_forms(on)
        await open_the_pages(on)
        await fill_the_api(on)
        assert_everything_was_tried(on.watch.sent)
        await tell_the_pages(on)

        assert [f'{each}: {each.status}' for each in on.watch.sent if each.status >= 500] == []
        assert [line for line in on.watch.server.journal()[begun:] if line['level'] == 'error'] == []
