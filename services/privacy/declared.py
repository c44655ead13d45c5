"""The declarations of personal data, as the page `docs/privacy.md` has them.

`python -m services.privacy.declared` writes them there anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import models  # noqa: F401 - the declarations stand beside the tables
from models.personal import FILES, NEVER, TABLES, Basis, Declaration, Erase, Export, Kept, Until
from services.core.phrases import Phrase, phrase, plural
from services.privacy import retention
from settings import settings

PAGE = Path(__file__).parents[2] / 'docs' / 'privacy.md'
BEGIN = '<!-- what follows is made by `python -m services.privacy.declared` -->'
HEAD = (
    '| where | what | why | basis | until | download | erasure |',
    '| --- | --- | --- | --- | --- | --- | --- |',
)

HEADINGS: Mapping[Basis, Phrase] = {
    Basis.CONTRACT: phrase('Needed for the courses that you take part in'),
    Basis.DUTY: phrase('The school has to keep it'),
    Basis.INTEREST: phrase('A legitimate interest of the school'),
    Basis.CONSENT: phrase('You chose it'),
}
"""each basis as the person reads it whose data they are"""


def page(text: str) -> str:
    """Return the page with the declarations as they are now."""
    before, _, _ = text.partition(BEGIN)
    return f'{before}{BEGIN}\n\n' + '\n'.join(_lines()) + '\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKind:
    """One kind of personal data, as the page for everybody has it."""

    what: Phrase
    why: Phrase
    until: Phrase
    on_erase: Phrase
    on_export: Phrase


def by_basis() -> Sequence[tuple[Phrase, Sequence[KeptKind]]]:
    """Return every kind of personal data that is kept, by the basis on which it is; tables and files together."""
    found: list[tuple[Phrase, Sequence[KeptKind]]] = []
    for basis in Basis:
        kinds = {
            (kept.what, kept.why, kept.until, kept.on_erase, kept.on_export): None
            for declaration in _in_order([*TABLES.values(), *FILES.values()])
            for kept in declaration.personal
            if kept.basis is basis
        }
        told = [
            KeptKind(
                what=Phrase(one=what),
                why=Phrase(one=why),
                until=_until(until),
                on_erase=Phrase(one=on_erase),
                on_export=Phrase(one=on_export),
            )
            for what, why, until, on_erase, on_export in kinds
        ]
        if told:
            found.append((HEADINGS[basis], told))
    return found


def _until(until: Until) -> Phrase:
    """Return how long data are kept, with the number of days where a setting has it."""
    if not until.setting:
        return Phrase(one=until.words)
    days = int(getattr(settings(), until.setting))
    return plural('{count} day', '{count} days', days) if days else Phrase(one=NEVER.words)


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
