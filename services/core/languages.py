"""The languages that Waymark speaks: catalogues of translations, and which of them a person reads."""

import re
from functools import cache, lru_cache
from gettext import NullTranslations, c2py
from pathlib import Path

from babel.core import Locale, negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from services.core.errors import Invalid
from services.core.phrases import ENGLISH

CATALOGUES = Path(__file__).resolve().parents[2] / 'translations'
"""One folder of translations, `<language>.po`; English needs none, as it is what every key says."""

PSEUDO = 'en-XA'
"""Not a language: each translated text in brackets, so that a test sees which texts cannot be translated."""


@cache
def offered() -> tuple[str, ...]:
    """Return the codes of the languages that people can choose, English first."""
    return ('en', *sorted(path.stem for path in CATALOGUES.glob('*.po')))


@cache
def names() -> dict[str, str]:
    """Return the code of each language that is offered, with its name in itself."""
    return {code: Locale.parse(code, sep='-').get_display_name() or code for code in offered()}


def check(code: str) -> str:
    """Return the code of a language as it is stored; raises `Invalid`. Empty is what the browser asks for."""
    code = code.strip().lower()
    if code and code not in offered():
        raise Invalid('Choose one of these languages: {languages}.', field='language', languages=', '.join(offered()))
    return code


@lru_cache(maxsize=1000)
def preferred(accepted: str, otherwise: str = '') -> str:
    """Return the offered language that a browser's `Accept-Language` asks for most, or another one if it names none."""
    ranges = [part.partition(';') for part in accepted[:500].split(',')]
    weighted = sorted(((_weight(rest), tag.strip()) for tag, _, rest in ranges), key=lambda each: -each[0])
    return (
        negotiate_locale([tag for weight, tag in weighted if weight > 0 and tag], offered(), sep='-')
        or otherwise
        or 'en'
    )


@cache
def translations(language: str) -> NullTranslations:
    """Return the translations of a language; those of one that is not offered are English."""
    if language == PSEUDO:
        return _Pseudo()
    path = CATALOGUES / f'{language}.po'
    if language not in offered() or not path.is_file():
        return ENGLISH
    with path.open('rb') as file:
        return _Translated(read_po(file, locale=language))


def region(accept_language: str) -> str:
    """Return the country that `Accept-Language` names first, such as DE of de-DE; empty if there is none."""
    parts = accept_language.split(',')[0].partition(';')[0].strip().split('-')
    return next((part.upper() for part in parts[1:] if len(part) == _REGION and part.isalpha()), '')


class _Translated(NullTranslations):
    """The translations of one catalogue; what it lacks, or marks as doubtful, stays English."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._one: dict[str, str] = {}
        self._many: dict[str, tuple[str, ...]] = {}
        self._plural = c2py(catalog.plural_expr)
        for message in catalog:
            if message.fuzzy or not message.string:
                continue
            if isinstance(message.id, str):
                self._one[message.id] = str(message.string)
            else:
                self._many[message.id[0]] = tuple(message.string)

    def gettext(self, message: str) -> str:
        return self._one.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self._many.get(msgid1, ())
        chosen = forms[self._plural(n)] if forms else ''
        return chosen or super().ngettext(msgid1, msgid2, n)


class _Pseudo(NullTranslations):
    """Brackets around each text."""

    def gettext(self, message: str) -> str:
        return f'⟦{message}⟧'

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f'⟦{msgid1 if n == 1 else msgid2}⟧'


def _weight(rest: str) -> float:
    found = re.search(r'q=([01](\.[0-9]{0,3})?)', rest)
    return float(found[1]) if found else 1.0


_REGION = 2
"""letters of the code of a country"""
