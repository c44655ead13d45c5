"""A sentence runs as its own words do, also where the name with which it begins is of another script."""

import pytest

from ui.kit.language import _, ngettext

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
