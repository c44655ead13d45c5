"""Texts for people: keys with named values, in English for programs and in the reader's language on a screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.core import languages
from services.core.errors import Invalid, NotSignedIn
from services.core.languages import PSEUDO, preferred, translations
from services.core.phrases import ENGLISH, Phrase, phrase, plural, recalled, stored

pytestmark = pytest.mark.req('O6')

GERMAN = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "{name} is here already."
msgstr "{name} ist schon da."

msgid "{count} step behind {name}"
msgid_plural "{count} steps behind {name}"
msgstr[0] "{count} Schritt hinter {name}"
msgstr[1] "{count} Schritte hinter {name}"

#, fuzzy
msgid "Sign out"
msgstr "Aussteigen"
"""


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / 'de.po').write_text(GERMAN)
    monkeypatch.setattr(languages, 'CATALOGUES', tmp_path)
    remembered = languages.offered, languages.preferred, languages.translations
    for each in remembered:
        each.cache_clear()
    yield
    for each in remembered:
        each.cache_clear()


def test_a_phrase_is_english_for_programs_and_logs() -> None:
    assert str(phrase('{name} is here already.', name='Lena')) == 'Lena is here already.'
    assert str(plural('{count} step', '{count} steps', 1)) == '1 step'
    assert str(plural('{count} step', '{count} steps', 2)) == '2 steps'


def test_what_a_person_has_typed_is_never_taken_for_a_place() -> None:
    said = phrase('{name} is here already.', name='{name} {0} {x.y}')

    assert str(said) == '{name} {0} {x.y} is here already.'
    assert str(phrase('a {b} c')) == 'a {b} c'


@pytest.mark.usefixtures('german')
def test_a_phrase_is_spoken_in_the_language_of_its_reader() -> None:
    late = plural('{count} step behind {name}', '{count} steps behind {name}', 3, name='Ben')

    assert late.spoken(translations('de')) == '3 Schritte hinter Ben'
    assert str(late) == '3 steps behind Ben'
    assert (
        phrase('{name} is here already.', name=late).spoken(translations('de')) == '3 Schritte hinter Ben ist schon da.'
    )


@pytest.mark.usefixtures('german')
def test_what_is_not_translated_or_doubtful_stays_english() -> None:
    assert phrase('Sign out').spoken(translations('de')) == 'Sign out'
    assert phrase('Never seen').spoken(translations('de')) == 'Never seen'
    assert translations('tlh') is ENGLISH
    assert translations('../../etc/passwd') is ENGLISH


@pytest.mark.usefixtures('german')
@pytest.mark.parametrize(
    ('accepted', 'language'),
    [
        ('de-AT,de;q=0.9,en;q=0.8', 'de'),
        ('fr,en;q=0.8,de;q=0.9', 'de'),
        ('en-GB', 'en'),
        ('de;q=0', 'en'),
        ('', 'en'),
        ('x' * 100_000, 'en'),
        (';;q=,,=;q=9', 'en'),
        ('*', 'en'),
    ],
)
def test_the_browser_says_what_its_person_reads(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


def test_a_refusal_is_a_phrase_too() -> None:
    refused = Invalid('{name} is here already.', field='name', name='Lena')

    assert (str(refused), refused.field) == ('Lena is here already.', 'name')
    assert refused.sentence.spoken(translations(PSEUDO)) == '⟦Lena is here already.⟧'
    assert NotSignedIn().sentence.spoken(translations(PSEUDO)).startswith('⟦You are signed out.')


@pytest.mark.usefixtures('german')
def test_a_column_keeps_a_phrase_so_that_each_reader_has_it_in_their_language() -> None:
    late = plural('{count} step behind {name}', '{count} steps behind {name}', 3, name=phrase('Ben'))

    kept = recalled(stored(late, most=280))

    assert isinstance(kept, Phrase)
    assert (kept.spoken(translations('de')), str(kept)) == ('3 Schritte hinter Ben', '3 steps behind Ben')
    assert recalled(stored(late, most=15)) == '3 steps behind '
    for written in '', 'It was too slow.', '12', '["a"]', 'null', '{"a": 1}':
        assert recalled(written) == written
