"""Names in tiles: as much of each as has room, and enough to tell everybody apart."""

import pytest

from ui.live import projector_layout as layout
from ui.live.projector_names import in_tiles

pytestmark = pytest.mark.req('L14')

TWO_LINES, ONE_LINE = layout.tiles(60, layout.WIDE), layout.tiles(150, layout.WIDE)


def test_a_name_that_has_room_is_whole() -> None:
    assert in_tiles(['Quiet Kingfisher'], TWO_LINES) == [('Quiet', 'Kingfisher')]
    assert in_tiles(['Amy Yu', 'Zoë'], ONE_LINE) == [('Amy', 'Yu'), ('Zoë', '')]


def test_in_one_line_the_second_word_is_as_short_as_tells_everybody_apart() -> None:
    names = ['Spotted Elephant', 'Spotted Eagle', 'Quiet Hummingbird', 'Anna Mariella Keller']

    assert in_tiles(names, ONE_LINE) == [('Spotted', 'El.'), ('Spotted', 'Ea.'), ('Quiet', 'H.'), ('Anna', 'K.')]


def test_a_second_word_that_needs_more_letters_leaves_fewer_to_the_first() -> None:
    names = ['Spotted Hamster', 'Spotted Hare', 'Spotted Hamerkop', 'Spotted Lion']

    assert in_tiles(names, ONE_LINE) == [
        ('Spot.', 'Hams.'),
        ('Spott.', 'Har.'),
        ('Spot.', 'Hame.'),
        ('Spotted', 'L.'),
    ]


def test_those_who_differ_in_the_middle_are_numbered_and_long_first_words_end_with_a_dot() -> None:
    names = ['Anna Maria Keller', 'Anna Marlen Keller', 'Maximilian-Alexander Hohenstein', '欧阳修远与他的朋友们']

    assert in_tiles(names, ONE_LINE) == [('Anna', 'K. 1'), ('Anna', 'K. 2'), ('Maximi.', 'H.'), ('欧阳修.', '')]


@pytest.mark.parametrize('tiles', [TWO_LINES, ONE_LINE])
def test_no_two_learners_look_the_same(tiles: layout.Tiles) -> None:
    names = [f'{first}{end} Anders{end * 3}on' for first in ('Anna', 'Annabella', 'Jo') for end in ('', 'a', 'b')]
    names += [f'Nguyễn Thị Minh Khai {number}' for number in range(2, 100)]

    assert len(set(in_tiles(names, tiles))) == len(names)
