"""The braces of a question in GIFT: the first pair has what is right; those behind it may be a formula."""

import re
from itertools import accumulate

from services.core.phrases import phrase
from services.quizzes.formats.findings import NotTaken, Wrong

GAP = '_____'
TRUE_OR_FALSE = frozenset({'T', 'F', 'TRUE', 'FALSE'})
_BRACES = re.compile(r'\{([^{}]*)\}')


def parted(text: str) -> tuple[str, str]:
    """Return what is asked, and what stands in the braces."""
    start, end = text.find('{'), text.find('}')
    if start < 0 and end < 0:
        raise NotTaken(phrase('a text without a question (there are no braces) is not taken over.'))
    after = text[end + 1 :]
    if start < 0 or end < start or not _is_balanced(after):
        raise Wrong(
            phrase('a “{open}” and a “{close}” belong together; a blank line ends a question.', open='{', close='}')
        )
    if '\n::' in after or any(_is_key(found[1].strip()) for found in _BRACES.finditer(after)):
        raise Wrong(phrase('two questions stand here, or two gaps; a blank line ends a question, and it has one gap.'))
    return text[:start] + (GAP if after.strip() else '') + after, text[start + 1 : end]


def _is_key(braced: str) -> bool:
    """Tell whether what stands in braces behind those of a question says what is right; braces of formulas do not."""
    return (
        braced.startswith(('=', '~', '#'))
        or '\n' in braced
        or braced.partition('#')[0].strip().upper() in TRUE_OR_FALSE
    )


def _is_balanced(text: str) -> bool:
    """Tell whether each brace in a text has its other one."""
    depths = list(accumulate({'{': 1, '}': -1}[brace] for brace in re.findall('[{}]', text)))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)
