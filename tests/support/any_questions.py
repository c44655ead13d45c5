"""Questions as hypothesis thinks them up, for formats that have to give back what was written."""

from decimal import Decimal

from hypothesis import strategies as st

from services.quizzes.question import (
    WHOLE,
    CreditRule,
    NumberAnswer,
    Option,
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
)

LOOK_ALIKES = '～〜∼˜⁓＝﹦═＃﹟％﹪｛﹛｝﹜：–—−－＞'
"""signs that only look like those of GIFT: where one might be meant as its sign, it is refused when it is read"""
LETTERS = st.characters(
    exclude_categories=('Cs', 'Cc', 'Cn', 'Co', 'Cf', 'Zl', 'Zp'), exclude_characters=LOOK_ALIKES
) | st.sampled_from('\\~=#{}:%[]<>&-*"')
LINES = st.text(LETTERS, max_size=12).map(lambda text: ' '.join(text.split()))
WORDS = LINES.filter(bool)
TEXTS = st.lists(LINES, min_size=1, max_size=3).map('\n'.join).map(str.strip).filter(bool)
MAYBE = st.just('') | TEXTS
SIMPLE = st.text('abcdeäßж', min_size=1, max_size=6)
"""words that no format takes for anything but words"""
NUMBERS = st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=3)
RIGHT = st.sampled_from([WHOLE, 5000, 2500])
WEIGHTS = st.sampled_from([5000, 2500, 0, -2500, -5000, -WHOLE])


@st.composite
def questions(
    draw: st.DrawFn, *, texts: st.SearchStrategy[str] = TEXTS, words: st.SearchStrategy[str] = WORDS
) -> Question:
    """A question of any kind but ordering, with what every format can say."""
    said = st.just('') | texts
    kind = draw(st.sampled_from([each for each in QuestionKind if each is not QuestionKind.ORDERING]))
    facts: dict[str, object] = {
        QuestionKind.SINGLE_CHOICE: lambda: {'options': draw(single(texts, said))},
        QuestionKind.MULTIPLE_CHOICE: lambda: {
            'options': draw(multiple(texts, said)),
            'credit_rule': CreditRule.OWN_WEIGHTS,
        },
        QuestionKind.TRUE_FALSE: lambda: {'options': draw(statements(said))},
        QuestionKind.NUMERIC: lambda: {'numbers': draw(numbers(said))},
        QuestionKind.SHORT_TEXT: lambda: {'texts': draw(short_texts(words, said))},
        QuestionKind.ESSAY: dict,
        QuestionKind.MATCHING: lambda: {'pairs': draw(pairs(texts, words))},
    }[kind]()
    return Question(kind=kind, text=draw(texts), title=draw(SIMPLE), feedback=draw(said), **facts)  # type: ignore[arg-type]


def options(texts: st.SearchStrategy[str], said: st.SearchStrategy[str], credit: object) -> st.SearchStrategy[Option]:
    return st.builds(Option, text=texts, feedback=said, credit=credit)


def single(texts: st.SearchStrategy[str], said: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Option, ...]]:
    right = options(texts, said, st.just(WHOLE))
    others = st.lists(options(texts, said, WEIGHTS), min_size=1, max_size=3)
    return st.tuples(right, others).flatmap(lambda found: st.permutations([found[0], *found[1]])).map(tuple)


def multiple(texts: st.SearchStrategy[str], said: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Option, ...]]:
    thirds = st.tuples(*(options(texts, said, st.just(credit)) for credit in (3334, 3333, 3333, -WHOLE)))
    halves = st.tuples(*(options(texts, said, st.just(credit)) for credit in (5000, -5000, 5000)))
    return thirds | halves


def statements(said: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Option, ...]]:
    right, wrong = st.builds(Option, credit=st.just(WHOLE), feedback=said), st.builds(Option, feedback=said)
    return st.tuples(right, wrong) | st.tuples(wrong, right)


def numbers(said: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[NumberAnswer, ...]]:
    right = st.builds(NumberAnswer, value=NUMBERS, tolerance=NUMBERS.map(abs), credit=RIGHT, feedback=said)
    rest = st.builds(NumberAnswer, value=st.just(Decimal(0)), credit=st.just(0), feedback=said, is_any=st.just(True))
    return st.tuples(st.lists(right, min_size=1, max_size=3), st.lists(rest, max_size=1)).map(
        lambda found: (*found[0], *found[1])
    )


def short_texts(
    words: st.SearchStrategy[str], said: st.SearchStrategy[str]
) -> st.SearchStrategy[tuple[TextAnswer, ...]]:
    plain = words.filter(lambda text: '->' not in text)
    return st.lists(st.builds(TextAnswer, pattern=plain, credit=RIGHT, feedback=said), min_size=1, max_size=3).map(
        tuple
    )


def pairs(texts: st.SearchStrategy[str], words: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Pair, ...]]:
    left = texts.filter(lambda text: '->' not in text)
    belong = st.lists(st.builds(Pair, left=left, right=words), min_size=2, max_size=3)
    over = st.lists(st.builds(Pair, right=words), max_size=1)
    return st.tuples(belong, over).map(lambda found: (*found[0], *found[1]))
