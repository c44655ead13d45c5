"""The worst that is known for each kind of field, as long as the field takes."""

from collections.abc import Callable
from itertools import count

from tests.factories.texts import WORST

LINES = (
    'ﷺ', 'a\u0301', '\u200b', '\u202eЅa ', '👩\u200d', '\U0001f3f4\U000e0067', 'a@a.', '٣', '\x00 ', '%00=&?/',
    '"\\', '\u0600',
)  # fmt: skip
"""what one line is filled with: letters that grow, letters that nobody sees, what patterns stumble over"""
AT_A_TIME = 6
"""of these; every field gets the first four, and others than the field before it"""

TEXTS = (
    *map(repr, ('[', '[a](<', '`', '>', '\t', '<b>', '\u202e', 'ﷺ', '\0', '\n', '\r', 'a|b\n-|-\n')),
    'fence named make', 'deep list', 'nested brackets', 'long head',
)  # fmt: skip
NUMBERS = (-1, 2**63, 10**300, 1e308, '9' * 1000)
OBJECTS = ({str(number): number for number in range(5_000)}, {'a' * 200_000: 'a'}, {'9' * 5_000: 1}, 'x')
IN_A_PATH = ('9' * 2_000, '%EF%B7%BA' * 300)
IN_A_HEADER = ('x' * 65, 'W/"a",' * 5_000)

_turn = count()


def filled(unit: str, most: int) -> str:
    """Return one thing over and over, as much as fits."""
    return (unit * (most // len(unit) + 1))[:most]


def lines(most: int) -> list[str]:
    """Return texts for a field of one line."""
    turn = next(_turn) * (AT_A_TIME - 4)
    others = [LINES[4 + (turn + number) % (len(LINES) - 4)] for number in range(AT_A_TIME - 4)]
    return [filled(unit, most) for unit in (*LINES[:4], *others)]


def texts(most: int) -> list[str]:
    """Return texts for a field that takes pages."""
    return [WORST[name](most) for name in TEXTS] + [filled(unit, most) for unit in LINES[:3]]


def class_lists(most: int) -> list[str]:
    """Return class lists that cost much: many people of one name, letters that grow, rows without an end."""
    rows: tuple[tuple[str, Callable[[int], str]], ...] = (
        ('name', lambda _: 'Kim'),
        ('name', lambda number: f'K{number}'),
        ('name', lambda _: 'ﷺ' * 12),
        ('name', lambda number: 'Ѕa' * 30 + str(number)),
        ('name;email', lambda number: f'Kim {number};kim@example.org'),
        ('name;email', lambda number: f'K;{"a" * 60}@{"a." * 20}{number}'),
        (';'.join(f'c{number}' for number in range(2000)), lambda _: ';' * 2000),
        ('name;email', lambda _: '"a\n'),
    )
    made = [_rows(head, row, most) for head, row in rows]
    units = (',', '"', '\n', '\r', '"\n', 'Ã¤', '\u0301', 'a')
    return made + [filled(unit, most // len(unit.encode())) for unit in units]


def _rows(head: str, row: Callable[[int], str], most: int) -> str:
    made, size = [head], 0
    for number in count():
        made.append(row(number))
        size += len(made[-1].encode()) + 1
        if size > most - 10_000:
            return '\n'.join(made)
    raise AssertionError


def course_files(most: int) -> list[str]:
    """Return course files that cost much: brackets, anchors that grow, comments, depth."""
    bomb = 'a0: &a0 [x]\n' + ''.join(f'a{n + 1}: &a{n + 1} [{", ".join([f"*a{n}"] * 9)}]\n' for n in range(9))
    course = 'waymark: 1\ncourse:\n  title: A\nmodules:\n'
    return [
        bomb,
        *[filled(unit, most) for unit in ('[', '{', '\n', '- ', '? ', '&a ', '"', '!!a ', '|\n', '*a\n', '\r')],
        ''.join(' ' * n + 'a:\n' for n in range(int(most**0.5))),
        f'{course}- title: {"ﷺ" * (most // 4)}\n',
        course + '- title: a\n' * (most // 12),
        f'{course}- title: a\n  steps:\n' + '  - title: a\n' * (most // 20),
        f'waymark: {"9" * (most - 20)}',
    ]
