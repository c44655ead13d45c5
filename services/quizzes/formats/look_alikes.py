"""Signs of GIFT that are not there, and such that only look like them: from other keyboards and from word processors.

Where one stands as its sign would, the key would be read wrongly; elsewhere it may be a part of an answer, and is told.
"""

import re
from collections.abc import Iterator

from services.core.phrases import Phrase, phrase
from services.quizzes.formats.findings import Wrong, quoted

_LIKE = {'~': '～〜∼˜⁓', '=': '＝﹦═', '#': '＃﹟', '%': '％﹪'}
_BRACES = {'{': '｛﹛', '}': '｝﹜'}
_MEANT = {like: sign for signs in (_LIKE, _BRACES) for sign, likes in signs.items() for like in likes}
_AS_A_SIGN = re.compile(rf'(?:^|[\s=~])([{"".join(_MEANT)}])')
_BEHIND_A_STATEMENT = re.compile('(?:true|false|t|f)[ \\t]*([＃﹟])', re.IGNORECASE)
_ANYWHERE = re.compile(rf'(?<!\\)[{"".join(_MEANT)}]')
_ESCAPED = re.compile(rf'\\([{"".join(_MEANT)}])')
_BENT_ARROW = re.compile('[–—−－]{1,2}[>＞]|-＞')
"""what word processors make of the arrow between the parts of a pair"""
_ARROW = re.compile('[→⟶⇒⟹➔]')
_DOUBLE_ARROW = re.compile(r'=[^\S\n]*[^\s=~#{}](?:(?!->)[^=~#{}\n])*=>')
"""an arrow between two parts of one line; behind a whole pair, and in a new line, “=” is the sign of an answer"""
_LETTER = re.compile('[ТτΤтＴｔҒＦｆ]')
"""what stands for “true” or “false” in another alphabet"""


def check_text(block: str) -> None:
    """Raise `Wrong` where a block has braces or a title in signs that only look like them."""
    if block.startswith('：：'):
        raise _wrong('：：', '::')
    found = None if '{' in block else _ANYWHERE.search(block)
    if found and _MEANT[found[0]] in _BRACES:
        raise _wrong(found[0], _MEANT[found[0]])


def check_answers(answers: str) -> Iterator[Phrase]:
    """Yield what to tell of the signs between braces; raises `Wrong` where the key would be another one."""
    if found := _AS_A_SIGN.search(answers) or _BEHIND_A_STATEMENT.match(answers.strip()):
        raise _wrong(found[1], _MEANT[found[1]])
    if found := next(filter(None, map(_BENT_ARROW.search, _without_arrow(answers))), None):
        raise _wrong(found[0], '->')
    if _DOUBLE_ARROW.search(answers):
        raise _wrong('=>', '->')
    if _LETTER.fullmatch(answers.partition('#')[0].strip()):
        raise Wrong(
            phrase('“{letter}” is a letter of another alphabet. Write “T” or “F”.', letter=quoted(answers.strip()))
        )
    if found := _ANYWHERE.search(answers):
        yield phrase(
            '“{sign}” only looks like “{meant}”, and is taken as a part of an answer.',
            sign=found[0],
            meant=_MEANT[found[0]],
        )
    signed, *others = [line.strip() for line in answers.strip().split('\n')]
    bare = next((line for line in others if line and not line.startswith(('~', '=', '#', '->'))), '')
    if bare and signed.startswith(('~', '=', '#')):
        yield phrase('“{line}” has no sign before it, and is taken as a part of the answer above.', line=quoted(bare))
    if '->' not in answers and (found := _ARROW.search(answers)):
        yield phrase('“{arrow}” makes no pairs as “->” does, and is taken as a part of an answer.', arrow=found[0])


def _without_arrow(answers: str) -> list[str]:
    """Return the answers that may be pairs without an arrow: none where options stand."""
    return [] if '~' in answers else [each for each in answers.split('=') if '->' not in each]


def unescaped(text: str) -> str:
    """Return a text in which no such sign has a backslash before it."""
    return _ESCAPED.sub(r'\1', text)


def _wrong(sign: str, meant: str) -> Wrong:
    return Wrong(
        phrase(
            '“{sign}” only looks like “{meant}”. Write “{meant}”, or “\\{sign}” where it is a part of the text.',
            sign=sign,
            meant=meant,
        )
    )
