"""Names that have room in the tiles of the projector: shorter forms that still tell everybody apart."""

from collections import Counter
from collections.abc import Sequence
from itertools import count

from ui.live.projector_layout import LETTERS_BESIDE, LETTERS_EACH, LETTERS_LINE, Tiles, letters

Parts = tuple[str, str]
"""the first word of a name, and what else is shown of it"""
_NARROW = dict.fromkeys(map(ord, '. '))
"""what takes next to no room"""


def in_tiles(names: Sequence[str], tiles: Tiles) -> list[Parts]:
    """Return the two parts in which each name is shown; no two are alike.

    A name that has room is whole. Of another one there is the first word and as much of the last one as tells it
    apart: "Anna M." beside "Anna K."
    """
    whole: list[Parts] = [(first, rest) for first, _space, rest in (name.partition(' ') for name in names)]
    shown: dict[int, Parts] = {index: parts for index, parts in enumerate(whole) if _has_room(parts, tiles)}
    taken = set(shown.values())
    left = [index for index in range(len(names)) if index not in shown]
    forms = {index: _forms(whole[index], tiles) for index in left}
    for step in range(max((len(each) for each in forms.values()), default=0)):
        asked = Counter(forms[index][min(step, len(forms[index]) - 1)] for index in left)
        for index in tuple(left):
            form = forms[index][min(step, len(forms[index]) - 1)]
            if asked[form] == 1 and form not in taken:
                shown[index] = form
                taken.add(form)
                left.remove(index)
    for index in left:  # those who differ only in the middle
        last = forms[index][0][1]
        numbered = (_beside(whole[index][0], f'{last} {number}'.strip(), tiles) for number in count(1))
        shown[index] = next(form for form in numbered if form not in taken)
        taken.add(shown[index])
    return [shown[index] for index in range(len(names))]


def _has_room(parts: Parts, tiles: Tiles) -> bool:
    if tiles.is_one_line:
        return letters(' '.join(parts)) <= LETTERS_LINE
    return max(map(letters, parts)) <= LETTERS_EACH


def _forms(parts: Parts, tiles: Tiles) -> list[Parts]:
    """Return what can stand for a name, the shortest first."""
    first, last = parts[0], ''.join(parts[1].split()[-1:])
    seconds = [*(f'{last[:length]}.' for length in range(1, len(last))), last]
    return [_beside(first, second, tiles) for second in seconds]


def _beside(first: str, second: str, tiles: Tiles) -> Parts:
    """Return both parts, the first one cut to the room that it has: in one line, what the second one leaves of it."""
    most = LETTERS_EACH
    if tiles.is_one_line:
        most = max(2, min(LETTERS_BESIDE, LETTERS_LINE - letters(second.translate(_NARROW))))
    return (first if letters(first) <= most else f'{_cut(first, most - 1)}.', second)


def _cut(word: str, most: int) -> str:
    while letters(word) > most:
        word = word[:-1]
    return word
