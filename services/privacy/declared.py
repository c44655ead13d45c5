"""The declarations of personal data, as the page `docs/privacy.md` has them.

`python -m services.privacy.declared` writes them there anew.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import models  # noqa: F401 - the declarations stand beside the tables
from models.personal import FILES, TABLES, Basis, Declaration, Erase, Export, Kept
from services.privacy import retention

PAGE = Path(__file__).parents[2] / 'docs' / 'privacy.md'
BEGIN = '<!-- what follows is made by `python -m services.privacy.declared` -->'
HEAD = (
    '| where | what | why | basis | until | download | erasure |',
    '| --- | --- | --- | --- | --- | --- | --- |',
)


def page(text: str) -> str:
    """Return the page with the declarations as they are now."""
    before, _, _ = text.partition(BEGIN)
    return f'{before}{BEGIN}\n\n' + '\n'.join(_lines()) + '\n'


def texts() -> set[str]:
    """Return every text of the declarations that a person reads, for translators."""
    found = {str(text) for kind in (Basis, Export, Erase) for text in kind}
    for declaration in (*TABLES.values(), *FILES.values()):
        found |= {text for kept in declaration.personal for text in (kept.what, kept.why, kept.until.words)}
        found.add(declaration.because)
    return (found | {retention.GUESTS}) - {''}


def _lines() -> Iterator[str]:
    yield from ('## Tables', '', *HEAD)
    for declaration in _in_order(TABLES.values()):
        yield from (_row(declaration.name, kept) for kept in declaration.personal)
    yield from ('', '## Files in the data folder', '', *HEAD)
    for declaration in _in_order(FILES.values()):
        yield from (_row(declaration.name, kept) for kept in declaration.personal)
    yield from ('', '## Nothing personal', '', '| where | why not |', '| --- | --- |')
    for declaration in _in_order([*TABLES.values(), *FILES.values()]):
        if not declaration.personal:
            names = ', '.join(f'`{column}`' for column in declaration.others)
            yield f'| `{declaration.name}` | {declaration.because}{f" It names {names}." if names else ""} |'


def _row(where: str, kept: Kept) -> str:
    what = f'{kept.what} ({", ".join(f"`{column}`" for column in kept.columns)})'
    cells = f'`{where}`', what, kept.why, kept.basis, kept.until.words, kept.on_export, kept.on_erase
    return f'| {" | ".join(cells)} |'


def _in_order(declarations: Iterable[Declaration]) -> list[Declaration]:
    return sorted(declarations, key=lambda each: each.name)


if __name__ == '__main__':
    PAGE.write_text(page(PAGE.read_text(encoding='utf-8')), encoding='utf-8')
