"""Texts that cost more than others of their length, each as long as is asked for."""

from collections.abc import Callable
from functools import partial


def _repeated(unit: str, letters: int) -> str:
    return (unit * (letters // len(unit) + 1))[:letters]


def _growing(piece: Callable[[int], str], letters: int) -> str:
    """Return pieces of which each knows its number, as many as fit."""
    made, number = '', 0
    while len(made) < letters:
        number += 1
        made += piece(number)
    return made[:letters]


def _long_head(letters: int) -> str:
    """A table of which every row lacks nearly all its cells."""
    columns = letters // 8
    return _cut('|'.join('a' * columns) + '\n' + '|'.join('-' * columns) + '\n' + 'a\n' * letters, letters)


def _square_table(letters: int) -> str:
    columns = int(letters**0.5 / 1.5)
    return _cut('|' + 'a|' * columns + '\n|' + '-|' * columns + '\n' + '|\n' * letters, letters)


def _many_tables(letters: int) -> str:
    columns = 40
    return _repeated('|' + 'a|' * columns + '\n|' + '-|' * columns + '\n' + '|\n' * 40 + '\n', letters)


def _cut(text: str, letters: int) -> str:
    return text[:letters]


UNITS = (
    '[', '[a](<', '[a](', '`', '>', '> ', '\t', '*a **a ', '*a_ ', '![[[', '![', '- ', '&', '&#0', '&amp;', '<', '_',
    '*', 'a*', '***a**b*', '[^a]', '^[', '~~a ', '<a b="', '<!--', '<?', '<![CDATA[', '<!A', '<b>', '<b><p>', '<div>\n',
    '<b></p>', '<a><b><div>', '<ul><li>', '<details>', '\\', '](', '[]', '[a][b]', '[a](b "', '[a]((', '\n', 'x\n',
    '1) ', '* - + ', 'a\n-\n', 'a\n> ', '<x@', '<http:', '[x](y)', '- a\n  - b\n', '- [ ] ', '\r', '\0', 'a|b\n-|-\n',
    '"', '\u202e', 'ﷺ', '[a]: /u "\n', '``` \n', '~~~\n', '`a``b```c',
)  # fmt: skip
WORST: dict[str, Callable[[int], str]] = {repr(unit): partial(_repeated, unit) for unit in UNITS} | {
    'fence named make': lambda letters: '```make\n' + 'a' * (letters - 8),
    'fence named ng2': lambda letters: '```ng2\n' + '{{' * (letters // 2 - 4),
    'longer and longer ticks': partial(_growing, lambda n: 'e' + '`' * n),
    'deep list': partial(_growing, lambda n: '  ' * n + '- a\n'),
    'references': partial(_growing, lambda n: f'[{n}]: /u\n'),
    'footnotes': partial(_growing, lambda n: f'[^{n}] \n\n[^{n}]: a\n\n'),
    'one footnote, often': lambda letters: '[^a]: x\n\n' + _repeated('[^a]', letters - 9),
    'nested references': lambda letters: '[a]: /u\n\n' + '[a' * (letters // 4) + ']' * (letters // 4),
    'nested brackets': lambda letters: '[' * (letters // 2) + ']' * (letters // 2),
    'columns': lambda letters: '|' * (letters // 2 - 1) + '\n' + '|-' * (letters // 4),
    'long head': _long_head,
    'square table': _square_table,
    'many tables': _many_tables,
}
"""by what they are"""
