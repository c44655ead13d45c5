"""Which encoding of Chinese, Japanese or Korean a text is written in: the one in which its letters are common ones.

Their programs write two bytes for a letter. In the encoding of a text nearly all letters are of the part in which its
standard has the common ones; in another they are rare, or no letters at all.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

COMMON = 0.85
"""the share of letters that have to be common"""
PROOF = 20
"""letters that are all Korean syllables, which those of a Chinese text are not by chance"""
_COMMON_LETTERS: Mapping[str, str] = MappingProxyType(
    {
        # hiragana, katakana, the first level of kanji
        'cp932': r'\x82[\x9f-\xf1]|\x83[\x40-\x96]|\x81[\x58\x5b]|[\x88-\x97][\x40-\xfc]',
        # Korean syllables as they are, of which there are 2,350
        'cp949': r'[\xb0-\xc8][\xa1-\xfe]',
        'euc_jp': r'[\xa4\xa5][\xa1-\xfe]|\xa1[\xb9\xbc]|[\xb0-\xcf][\xa1-\xfe]',
        # the first level of GB 2312, and that of Big5
        'gb18030': r'[\xb0-\xd7][\xa1-\xfe]',
        'big5hkscs': r'[\xa4-\xc6][\x40-\xfe]',
    }
)
"""by encoding, the bytes of its common letters, as Latin-1 reads them; the likeliest encoding first"""
_KOREAN_NAME = re.compile(
    '(?<![가-힣])[김이박최정강조윤장임한오서신권황안송유홍전고문양손배백허남심노][가-힣]{2}(?![가-힣])'
)
_COMMON: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {encoding: re.compile(f'(?:{letters})+') for encoding, letters in _COMMON_LETTERS.items()}
)
_LETTER = re.compile('[^\x00-\x7f]')
_BESIDE_LATIN = re.compile('[A-Za-z](?=[^\x00-\x7f])|[^\x00-\x7f](?=[A-Za-z])')


def texts(content: bytes, most: int) -> list[str]:
    """Return the text in each encoding in which nearly all its letters are common, the likeliest first.

    The first `most` bytes decide.
    """
    head = content[:most]
    found = []
    for encoding, common in _COMMON.items():
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        letters = len(_LETTER.findall(head.decode(encoding, errors='ignore')))
        usual = sum(len(run) // 2 for run in common.findall(head.decode('latin-1')))
        beside = len(_BESIDE_LATIN.findall(text[:most]))
        is_korean = encoding != 'cp949' or letters > PROOF or _KOREAN_NAME.search(text[:most])
        if letters and usual >= COMMON * letters and beside * 5 <= letters and is_korean:
            found.append(text)
    return found
