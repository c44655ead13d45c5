"""How a total comes about, in words: one line for each category, and one for the sum of them."""

from fractions import Fraction

from services.core.phrases import Phrase, phrase, plural
from services.grades.totals import Explanation, Step, tenths


def why(explanation: Explanation) -> tuple[Phrase, ...]:
    """Return the lines that say how a total comes about."""
    return (*_sums(explanation), *_left_out(explanation))


def _sums(explanation: Explanation) -> tuple[Phrase, ...]:
    if not explanation.steps:
        return (phrase('Nothing counts yet.'),)
    said = [_category(step) for step in explanation.steps]
    if explanation.total is None:
        none = phrase(
            'The categories that have grades have no weight, so there is no total. Give one a weight above 0.'
        )
        return (*said, none)
    if len(explanation.steps) > 1:
        said.append(_sum(explanation))
    if explanation.letter:
        said.append(phrase('{total} is {letter}.', total=shown(explanation.total), letter=explanation.letter))
    return tuple(said)


def _left_out(explanation: Explanation) -> tuple[Phrase, ...]:
    if not explanation.before:
        return ()
    return (
        plural(
            '{count} more was due before the course was joined, and does not count.',
            '{count} more were due before the course was joined, and do not count.',
            explanation.before,
        ),
    )


def shown(number: Fraction | None) -> str:
    """Return a number with one decimal, rounded down; whole numbers have none. A dash for nothing."""
    if number is None:
        return '–'
    whole, tenth = divmod(tenths(number), 10)
    return f'{whole}.{tenth}' if tenth or number.denominator > 1 else f'{whole}'


def _category(step: Step) -> Phrase:
    name, weight, scores, mean = step.category.name, step.category.weight, _mean(step.kept), _exact(step.mean)
    if step.category.category_id == 0:
        return phrase('All grades: {scores} = {mean}', scores=scores, mean=mean)
    if not step.dropped:
        return phrase('{name}, weight {weight}: {scores} = {mean}', name=name, weight=weight, scores=scores, mean=mean)
    return phrase(
        '{name}, weight {weight}: {scores} = {mean} (dropped: {dropped})',
        name=name,
        weight=weight,
        scores=scores,
        mean=mean,
        dropped=', '.join(map(str, step.dropped)),
    )


def _mean(scores: tuple[int, ...]) -> str:
    added = ' + '.join(map(str, scores))
    return f'({added}) ÷ {len(scores)}' if len(scores) > 1 else added


def _sum(explanation: Explanation) -> Phrase:
    assert explanation.total is not None
    products = ' + '.join(f'{step.category.weight} × {_exact(step.mean)}' for step in explanation.steps)
    return phrase(
        'Total: ({products}) ÷ {weights} = {total}',
        products=products,
        weights=explanation.weights,
        total=_exact(explanation.total),
    )


def _exact(number: Fraction) -> str:
    """Return a number as it is shown, with a sign where it has more decimals than that."""
    return shown(number) if tenths(number) == number * 10 else f'{shown(number)}…'
