"""The one door for what people type or paste into one line: names, titles, groups, addresses and codes.

Signs that nobody sees (zero width, marks of direction, fillers) go here, before anything else looks at the text.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Literal

from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.core.signs import Signs

LONGEST_NAME = 80
LONGEST_PLAIN_NAME = 200
"""Some signs are many letters to Unicode: `plain_name` of one sign has up to eighteen."""
LONGEST_TITLE = 120
LONGEST_TEXT = 10_000
MOST_MARKS = 8
"""combining marks on one letter; Hebrew, Tibetan and Burmese need up to six"""
MOST_STACKED = 3
"""of them on top of each other; more would cover the lines above"""

Titled = Literal['course', 'module', 'checkpoint', 'goal', 'milestone']
_NO_TITLE: Mapping[Titled, Phrase] = {
    'course': phrase('Give the course a title.'),
    'module': phrase('Give the module a title.'),
    'checkpoint': phrase('Give the step a title.'),
    'goal': phrase('Give the goal a title.'),
    'milestone': phrase('Give the milestone a title.'),
}
_LONG_NAME = phrase('This name is too long; use at most {most} characters.', most=LONGEST_NAME)
_LONG_TITLE = phrase('This title is too long; use at most {most} characters.', most=LONGEST_TITLE)

_NON_JOINER, _JOINER = '\u200c', '\u200d'
_JOINING = frozenset({_NON_JOINER, _JOINER})
_JOINERS = dict.fromkeys(map(ord, _JOINING))
_FILLERS = frozenset('\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0')
"""drawn as nothing, although Unicode counts them as letters or marks"""
_SEEN = frozenset('\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd')
"""drawn around numbers, although Unicode counts them among the formats"""
_TEXT_OR_PICTURE = frozenset('\ufe0e\ufe0f')
_CONTROLS = re.compile('[\x00-\x08\x0e-\x1b\x7f]')
_BLANKS = frozenset('\u2800\u2028\u2029\x85')
_SPACES = frozenset('\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f')
_FLAG = '\U0001f3f4'
_JOINING_SCRIPTS = re.compile(
    '[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\ua8ff\ufb50-\ufdff\ufe70-\ufefc]'
)


def clean(text: str) -> str:
    """Return a text without the signs that nobody sees; what a script or an emoji needs of them stays."""
    text = storable(text)
    if text.isascii() and not _CONTROLS.search(text):
        return text
    return ''.join(_kept(text)) if text.translate(_DOUBTFUL) else text


def _kept(text: str) -> Iterator[str]:
    """Yield what is seen of a text, sign by sign; only some signs need a look at what stands around them."""
    doubtful = frozenset(text.translate(_DOUBTFUL))
    hidden = frozenset(character for character in doubtful if _is_never_seen(character))
    kept: list[str] = []
    for place, character in enumerate(text):
        if character in hidden:
            continue
        shown = ' ' if character in _BLANKS else character
        if character in doubtful:
            following = text[place + 1 : place + 2]
            if _is_too_much(shown, kept) or _is_unseen(shown, kept, following):
                continue
        kept.append(shown)
        yield shown


def line(text: str) -> str:
    """Return a text as one line, without the signs that nobody sees and with single spaces."""
    return ' '.join(clean(text).split())


def storable(text: str) -> str:
    """Return a text without what no database keeps: the character NUL, and halves of characters."""
    check_is_text(text)
    return text.replace('\x00', '').encode(errors='ignore').decode()


def check_is_text(typed: object) -> None:
    """Raise `Invalid` for anything but a text, whatever the client or page that sent it believes."""
    if not isinstance(typed, str):
        raise Invalid('This is no text. Type it again.')


def has_letters(text: str) -> bool:
    """Tell whether there is a letter or a digit in a text, of any script."""
    return any(character.isalnum() for character in clean(text))


def read_name(typed: str) -> str:
    """Return the name of a person as it is kept, or raise `Invalid`."""
    check_is_text(typed)
    if len(typed) > 100 * LONGEST_NAME:
        raise Invalid(_LONG_NAME, field='name')
    name = line(typed)
    if not name:
        raise Invalid('Type your full name, so that others know who you are.', field='name')
    if len(name) > LONGEST_NAME:
        raise Invalid(_LONG_NAME, field='name')
    if len(plain_name(name)) > LONGEST_PLAIN_NAME:
        raise Invalid('This name is too long when its signs are written out. Use fewer of them.', field='name')
    readable = ''.join(character for character in name if not _is_format(character))
    if not has_letters(name) or not readable.isprintable():
        raise Invalid('Type a name that can be read, with at least one letter.', field='name')
    return name


def plain_name(name: str) -> str:
    """Return a name without what the eye does not tell apart; whole, so that two names that differ stay apart."""
    plain = unicodedata.normalize('NFKC', clean(name).translate(_JOINERS)).casefold()
    return ' '.join(_in_one_script(word) for word in plain.split())


def check_title(title: str, what: Titled) -> str:
    """Return a title that can be shown, or raise `Invalid`."""
    check_is_text(title)
    if len(title) > 100 * LONGEST_TITLE:
        raise Invalid(_LONG_TITLE, field='title')
    title = line(title)
    if not title:
        raise Invalid(_NO_TITLE[what], field='title')
    if len(title) > LONGEST_TITLE:
        raise Invalid(_LONG_TITLE, field='title')
    return title


def check_text(text: str, *, most: int = LONGEST_TEXT, field: str = 'description') -> str:
    """Return a longer text, or raise `Invalid`; inside of it, all signs stay as they were written."""
    check_is_text(text)
    if len(text) > most:
        raise Invalid('This text is too long; use at most {most} characters.', most=most, field=field)
    text = storable(text).strip()
    return text if any(not character.isspace() for character in _kept(text)) else ''


def read_address(typed: str) -> str:
    """Return what was typed as an e-mail address, without spaces around and signs that nobody sees."""
    check_is_text(typed)
    return clean(typed[:1000]).translate(_JOINERS).strip().lower()


def _is_doubtful(character: str) -> bool:
    """Tell whether it depends on a character, or on those around it, whether it is seen as it is."""
    is_formal = unicodedata.category(character) in {'Cc', 'Cf', 'Mn', 'Mc', 'Me'} and character not in _SPACES
    return is_formal or character in _FILLERS or character in _BLANKS


_DOUBTFUL = Signs(lambda character: character if _is_doubtful(character) else '')
"""leaves of a text what may not be seen as it is"""


def _is_never_seen(character: str) -> bool:
    """Tell whether nothing is seen of a character wherever it stands."""
    if character in _JOINING or '\U000e0020' <= character <= '\U000e007f' or character in _BLANKS:
        return False
    return character in _FILLERS or _is_hidden(character)


def _is_unseen(character: str, before: list[str], following: str) -> bool:
    """Tell whether nothing would be seen of a character where it stands."""
    last = before[-1] if before else ''
    if character == _NON_JOINER:
        return not (_JOINING_SCRIPTS.match(last) and _JOINING_SCRIPTS.match(following))
    if character == _JOINER:
        in_script = _JOINING_SCRIPTS.match(last) and _JOINING_SCRIPTS.match(following)
        return not (in_script or (_is_picture(last) and _is_picture(following)))
    if character in _TEXT_OR_PICTURE:
        return not (_is_picture(last) or last in {*'0123456789#*\u203c\u2049\u2122\u3030\u303d'}) or last == character
    if '\U000e0020' <= character <= '\U000e007f':
        return not (last == _FLAG or '\U000e0020' <= last < '\U000e007f')
    if '\U000e0100' <= character <= '\U000e01ef':  # the forms of a Chinese or Japanese character
        return not (
            '\u3400' <= last <= '\u9fff' or '\U00020000' <= last <= '\U0003ffff' or '\uf900' <= last <= '\ufaff'
        )
    if '\ufe00' <= character <= '\ufe0d':
        return not last or last.isascii() or unicodedata.category(last)[0] not in 'LS'
    return character in _FILLERS or _is_hidden(character)


def _is_hidden(character: str) -> bool:
    if character in _SPACES:
        return False
    return unicodedata.category(character) == 'Cc' or (_is_format(character) and character not in _SEEN)


def _is_format(character: str) -> bool:
    return unicodedata.category(character) == 'Cf'


def _is_picture(character: str) -> bool:
    is_known = character and (unicodedata.category(character) in {'So', 'Sm'} or character in _TEXT_OR_PICTURE)
    return bool(is_known) or '\U0001f3fb' <= character <= '\U0001f3ff'


def _is_too_much(character: str, before: list[str]) -> bool:
    """Tell whether a combining mark has no letter to stand on, or too many marks beside it."""
    if not unicodedata.category(character).startswith('M') or character in _TEXT_OR_PICTURE:
        return False
    if not before or not unicodedata.category(before[-1]).startswith('M'):
        return not before
    marks: list[str] = []
    for other in reversed(before):
        if not unicodedata.category(other).startswith('M'):
            break
        marks.append(other)
    if len(marks) == len(before):
        return True
    same = [other for other in marks if unicodedata.combining(other) == unicodedata.combining(character)]
    stacks = unicodedata.combining(character) >= 200 or unicodedata.category(character) == 'Me'
    return len(marks) >= MOST_MARKS or (stacks and len(same) >= MOST_STACKED)


_LOOK_ALIKES = str.maketrans('авеһіјкмнорѕтухԁԛԝӏ' + 'αβεζηικμνορτυχϲϳ', 'abehijkmhopstyxdqwl' + 'abezhikmnoptyxcj')
_LATIN = re.compile('[a-z]')
_OTHERS = re.compile('[\u0370-\u03ff\u0400-\u052f]')


def _in_one_script(word: str) -> str:
    """Return a word that mixes Latin with Greek or Cyrillic letters as the Latin one that it looks like."""
    if not (_LATIN.search(word) and _OTHERS.search(word)):
        return word
    return word.translate(_LOOK_ALIKES)
