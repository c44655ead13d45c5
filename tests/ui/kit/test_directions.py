"""A sentence runs as its own words do, also where the name with which it begins is of another script."""

import pytest

from services.core.errors import Refused
from services.core.phrases import phrase, plural
from ui.kit.language import _, ngettext, say

pytestmark = pytest.mark.req('O6')

ARABIC, HEBREW = '\u0641\u0627\u0637\u0645\u0629', '\u05d9\u05e2\u05dc'
RUNS_AS_LATIN = '\u200e'


@pytest.mark.parametrize('name', [ARABIC, HEBREW, f'1 {ARABIC}'])
def test_a_sentence_that_begins_with_a_name_from_the_right_runs_from_the_left(name: str) -> None:
    assert _('{course} is on now', course=name) == f'{RUNS_AS_LATIN}{name} is on now'
    counted = ngettext('{name} and {count} more', '{name} and {count} more', 2, name=name)
    assert counted == f'{RUNS_AS_LATIN}{name} and 2 more'


def test_all_other_texts_are_as_they_were() -> None:
    assert _('{course} is on now', course='Soil') == 'Soil is on now'
    assert _('Go to the class: {course}', course=ARABIC) == f'Go to the class: {ARABIC}'
    assert _('{what}: {course}', what=ARABIC, course='Soil') == f'{ARABIC}: Soil'


def test_a_refusal_runs_as_its_words_do_too() -> None:
    assert say(phrase('{name} is no video.', name=ARABIC)) == f'{RUNS_AS_LATIN}{ARABIC} is no video.'
    assert say(Refused('{name} learns here already.', name=HEBREW)) == f'{RUNS_AS_LATIN}{HEBREW} learns here already.'
    counted = plural('{name} has {count} step', '{name} has {count} steps', 2, name=ARABIC)
    assert say(counted) == f'{RUNS_AS_LATIN}{ARABIC} has 2 steps'
    assert say(ARABIC) == ARABIC
    assert say(phrase('{name} is no video.', name='Soil')) == 'Soil is no video.'
