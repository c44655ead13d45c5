"""A device is named in the language of the person who looks at it, whoever signed in on it."""

import pytest

from services.core.languages import PSEUDO
from ui.kit.device_words import device_in_words, stored_name
from ui.kit.language import reading

pytestmark = pytest.mark.req('O6')


@pytest.mark.parametrize(
    ('browser', 'system', 'english', 'foreign'),
    [
        ('Firefox', 'Linux', 'Firefox on Linux', '⟦Firefox on Linux⟧'),
        ('', 'Mac', 'A browser on Mac', '⟦⟦A browser⟧ on Mac⟧'),
        ('', '', 'A browser', '⟦A browser⟧'),
        ('Edge', '', 'Edge', 'Edge'),
    ],
)
def test_what_a_browser_says_of_itself_becomes_words(browser: str, system: str, english: str, foreign: str) -> None:
    stored = stored_name(browser, system)

    with reading('en'):
        assert stored == device_in_words(stored) == english
    with reading(PSEUDO):
        assert device_in_words(stored) == foreign
