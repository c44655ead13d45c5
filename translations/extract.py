"""Collects every text that a person reads into `messages.pot`, from which translators start: `make messages`."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from services.privacy import declared

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / 'translations' / 'messages.pot'
READ = ('services', 'ui', 'web')

MARKED: dict[str, tuple[int, ...] | None] = {
    '_': None,
    'ngettext': (1, 2),
    'page': (2,),  # the title of a page
    'phrase': None,
    'plural': (1, 2),
    # refusals: their first argument is a sentence
    **dict.fromkeys(
        (
            *('Forbidden', 'Gone', 'Invalid', 'KeyTaken', 'NotFound', 'NotSaved', 'NotSignedIn', 'Refused', 'Removed'),
            *('TooManyAttempts', 'Unfit'),
        )
    ),
}
"""Functions whose texts are collected, each with the places of its texts."""


def collected() -> Catalog:
    """Return all texts as they stand in the code."""
    catalog = Catalog(project='Waymark', charset='utf-8')
    for text in sorted(set(_texts()), key=str):
        catalog.add(text)
    return catalog


def _texts() -> Iterator[str | tuple[str, ...]]:
    yield from declared.texts()
    for folder in READ:
        for _file, _line, text, _comments, _context in extract_from_dir(ROOT / folder, keywords=MARKED):
            if text:
                yield text


if __name__ == '__main__':
    with TEMPLATE.open('wb') as file:
        write_po(file, collected(), omit_header=True, width=120)
