"""What there is to read in the demo school is what an instructor could have given."""

from pathlib import Path

import pytest

from demo import seed_documents
from services.content import texts
from services.content.prose import prose_html
from services.content.uploads import checking
from services.content.uploads.checking import Found
from services.content.uploads.parts import PDF, Part

pytestmark = pytest.mark.req('O4', 'S5')


async def test_the_booklet_is_fit_to_be_given_and_always_the_same(tmp_path: Path, data_dir: Path) -> None:
    booklet = tmp_path / 'booklet'
    booklet.write_bytes(seed_documents.make_booklet())

    assert await checking.look_into(Part.FILE, booklet) == Found(media_type=PDF, pages=4)
    assert booklet.read_bytes() == seed_documents.make_booklet()


def test_the_text_has_a_table_a_list_and_code() -> None:
    html = prose_html(seed_documents.TEXT)

    for mark in '<table>', '<li>', '<pre>', '<blockquote>', '<h2>':
        assert mark in html
    assert len(texts.divide(html)) >= 3
