"""Which encoding an older program wrote a text in: the one in which its words have the letters of one language.

Two encodings differ in a few letters only, and each makes letters of every byte. “Nicolò” in one is “Nicolň” in the
next; what tells them apart is that no language has both “ň” and the other letters of the file
(docs/decisions/0072-in-which-encoding.md).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

_WEST = (
    'äöüß',
    'àâæçéèêëîïôœùûüÿ',
    'áéíñóúüçàèòï',
    'àèéìîòóù',
    'áâãàçéêíóôõúü',
    'æøåéäö',
    'åäöéü',
    'áðéíóúýþæö',
    'éèëïóöüáäê',
    'äöüßéèêçñáóíúøåã',  # a class of many countries
)
_CENTRAL = (
    'ąćęłńóśźż',
    'áčďéěíňóřšťúůýž',
    'áäčďéíĺľňóôŕšťúýž',
    'áéíóöőúüű',
    'ăâîșțşţ',
    'čćđšž',
    'äöüßé',
)
_TURKISH = ('çğıöşüâîi',)
_CYRILLIC = ('абвгдеёжзийклмнопрстуфхцчшщъыьэюя', 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя', 'абвгдђежзијклљмнњопрстћуфхцчџш')
_GREEK = ('αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ',)

_LANGUAGES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        'cp1252': _WEST,
        'cp1250': _CENTRAL,
        'mac_roman': _WEST,
        'iso8859_15': _WEST,
        'cp850': _WEST,
        'cp437': _WEST,
        'iso8859_2': _CENTRAL,
        'cp1254': _TURKISH,
        'cp1251': _CYRILLIC,
        'iso8859_5': _CYRILLIC,
        'cp1253': _GREEK,
    }
)
"""by encoding, the letters beyond ASCII of each language that is written in it; the likeliest encoding first"""
_LONGEST = 20_000
"""signs that are enough to tell one encoding from another"""
_LETTER = '[^\\W\\d_¹²³¼½¾ªºµ]'
_WORD = re.compile(f'{_LETTER}{{3,}}')
_SIGN = '[^\\w\\s!-~’‘“”„«»–—…°€§µ·´`]'
_ODD = re.compile(
    f'[\x80-\x9f]|(?<={_LETTER}){_SIGN}|{_SIGN}(?={_LETTER})|(?<={_LETTER}{{3}})[¹²³¼½¾]|[¹²³¼½¾](?={_LETTER})'
)
"""signs that touch letters, which they do only if a text is read in the wrong encoding"""


def decoded(content: bytes) -> str:
    """Return a text that is no UTF-8 in the encoding that makes the likeliest words of it."""
    is_of_old_mac = b'\r' in content and b'\n' not in content  # nothing else ended lines in this way
    likely = sorted(_LANGUAGES, key=lambda encoding: is_of_old_mac and encoding != 'mac_roman')
    texts = [(content.decode(encoding, errors='replace'), encoding) for encoding in likely]
    read = [(text, encoding) for text, encoding in texts if '\ufffd' not in text]
    return max(read, key=lambda each: _likeliness(each[0][:_LONGEST], _LANGUAGES[each[1]]))[0]


def _likeliness(text: str, languages: Sequence[str]) -> float:
    """Return how many words are of one language, or at least of any, less what is a word in none."""
    words = Counter(word for word in _WORD.findall(text) if not word.isascii())
    fitting = [{word for word in words if _fits(word, letters)} for letters in languages]
    best = max(sum(words[word] for word in some) for some in fitting)
    known = sum(words[word] for word in set[str]().union(*fitting))
    badly_cased = sum(count for word, count in words.items() if _is_badly_cased(word))
    return known + best / 2 - 3 * (words.total() - known + badly_cased + len(_ODD.findall(text)))


def _fits(word: str, letters: str) -> bool:
    """Tell whether a language has the letters of a word; Greek and Cyrillic words have none of the Latin alphabet."""
    small = set(word.lower().replace('i\u0307', 'i'))  # Turkish “İ”
    return (
        small <= set(letters)
        if min(letters) > '\u024f'
        else {letter for letter in small if not letter.isascii()} <= set(letters)
    )


def _is_badly_cased(word: str) -> bool:
    """Tell whether a capital beyond ASCII follows a small letter."""
    return any(last.islower() and letter.isupper() and not letter.isascii() for last, letter in pairwise(word))
