"""What there is to read in the demo school is what an instructor could have given."""

from pathlib import Path

import pytest

from demo import booklet as demo_booklet
from services.content import passages
from services.content.prose import prose_html
from services.content.uploads import file_types
from services.content.uploads.file_types import Found
from services.content.uploads.slots import PDF, Part

pytestmark = pytest.mark.req('O4', 'S5')


async def test_the_booklet_is_fit_to_be_given_and_always_the_same(tmp_path: Path, data_dir: Path) -> None:
    booklet = tmp_path / 'booklet'
    booklet.write_bytes(demo_booklet.make_booklet())

    assert await file_types.look_into(Part.FILE, booklet) == Found(media_type=PDF, pages=4)
    assert booklet.read_bytes() == demo_booklet.make_booklet()


def test_the_text_has_a_table_a_list_and_code() -> None:
    html = prose_html(demo_booklet.TEXT)

    for mark in '<table>', '<li>', '<pre>', '<blockquote>', '<h2>':
        assert mark in html
    assert len(passages.divide(html)) >= 3
