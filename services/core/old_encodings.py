"""Which encoding an older program wrote a text in: the one in which its words have the letters of one language.

Two encodings differ in a few letters only, and each makes letters of every byte. “Nicolò” in one is “Nicolň” in the
next; what tells them apart is that no language has both “ň” and the other letters of the file
(docs/decisions/0072-in-which-encoding.md).
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from types import MappingProxyType

from services.core import east_asian

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
_BALTIC = ('āčēģīķļņšūž', 'ąčęėįšųūž', 'äöõüšž')
_HEBREW = ('אבגדהוזחטיךכלםמןנסעףפץצקרשת',)
_ARABIC = ('ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ',)
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
        'cp1255': _HEBREW,
        'cp1256': _ARABIC,
        'cp1257': _BALTIC,
        'koi8_u': _CYRILLIC,
        'cp866': _CYRILLIC,
        'mac_cyrillic': _CYRILLIC,
        'cp852': _CENTRAL,
        'cp857': _TURKISH,
        'cp737': _GREEK,
        'iso8859_6': _ARABIC,
        'mac_latin2': _CENTRAL,
    }
)
"""by encoding, the letters beyond ASCII of each language that is written in it; the likeliest encoding first"""
_RARE = ('cp862', 'cp874')
"""Hebrew for DOS and Thai, of which too many bytes are words of other languages: read by known words alone"""
_LONGEST = 20_000
"""signs that are enough to tell one encoding from another"""
_LETTER = '[^\\W\\d_¹²³¼½¾ªºµ]'
_WORD = re.compile(f'{_LETTER}{{3,}}')
_SIGN = '[^\\w\\s!-~’‘“”„«»–—…°€§µ·´`]'
_ODD = re.compile(
    f'[\x80-\x9f]|(?<={_LETTER}){_SIGN}|{_SIGN}(?={_LETTER})|(?<={_LETTER}{{3}})[¹²³¼½¾]|[¹²³¼½¾](?={_LETTER})'
)
"""signs that touch letters, which they do only if a text is read in the wrong encoding"""


KNOWN_WORD = 4
"""how many other words a word counts that the file is known to have, such as a heading"""


def decoded(content: bytes, known: Collection[str] = ()) -> str:
    """Return a text that is no UTF-8 in the encoding that makes the likeliest words of it.

    `known` are words in small letters that files of this kind have.
    """
    is_of_old_mac = b'\r' in content and b'\n' not in content  # nothing else ended lines in this way
    likely = sorted(_LANGUAGES, key=lambda encoding: is_of_old_mac and encoding != 'mac_roman')
    texts = [(content.decode(encoding, errors='replace'), encoding) for encoding in likely]
    read = [(text, encoding) for text, encoding in texts if '\ufffd' not in text]
    scored = [(_likeliness(text[:_LONGEST], _LANGUAGES[encoding], known), text) for text, encoding in read]
    best, text = max(scored, key=itemgetter(0))
    others = [(_known_words(text, known), text) for text in east_asian.texts(content, _LONGEST)]
    rare = [(_known_words(text, known), text) for text in (content.decode(each, errors='replace') for each in _RARE)]
    others += [(said, text) for said, text in rare if said]
    if not others:
        return text
    said, other = max(others, key=itemgetter(0))
    return text if best > KNOWN_WORD * said and not _ODD.search(text[:_LONGEST]) else other


def _known_words(text: str, known: Collection[str]) -> int:
    """Return how many words of a text are known ones and have letters beyond ASCII."""
    words = set(re.findall(r'[^\W\d_]+', text[:_LONGEST].casefold()))
    return sum(word in known for word in words if not word.isascii())


def _likeliness(text: str, languages: Sequence[str], known: Collection[str]) -> float:
    """Return how many words are of one language, or at least of any, less what is a word in none."""
    words = Counter(word for word in _WORD.findall(text) if not word.isascii())
    fitting = [{word for word in words if _fits(word, letters)} for letters in languages]
    best = max(sum(words[word] for word in some) for some in fitting)
    fit = sum(words[word] for word in set[str]().union(*fitting))
    badly_cased = sum(count for word, count in words.items() if _is_badly_cased(word))
    small = sum(count for word, count in words.items() if '\u0370' <= word[0] <= '\u052f' and word[0].islower())
    said = KNOWN_WORD * _known_words(text, known)
    return fit + best / 2 + said - small / 4 - 3 * (words.total() - fit + badly_cased + len(_ODD.findall(text)))


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
