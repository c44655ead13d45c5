"""The parts of the projector's picture as HTML: rows, tiles, bars, and the list of checkpoints."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

from services.live.board.views import Column, Mark
from ui.kit.language import _, language, ngettext, reading
from ui.kit.marks import SHAPES
from ui.kit.theme import filled
from ui.live.projector_class import Line, PublicClass
from ui.live.projector_layout import Span
from ui.live.projector_names import Parts

MARKS = {mark: f'<i class="mark-{SHAPES[mark]}"></i>' for mark in Mark}


def heads_html(columns: Sequence[Column], span: Span, labelled: frozenset[int], current: int | None) -> str:
    """Return the numbers over the marks; the list in the strip says what they are for those who listen."""
    cells = ''.join(
        f'<span class="wall-head{" wall-now" if index == current else ""}">'
        f'{f"<b>{columns[index].number}</b>" if index in labelled else ""}</span>'
        for index in range(span.first, span.last)
    )
    marks = f'<span class="wall-marks">{cells}</span>'
    return f'<div class="wall-row wall-heads" aria-hidden="true"><span></span>{marks}</div>'


def row_html(line: Line, span: Span, current: int | None) -> str:
    """Return one learner with a mark for each checkpoint."""
    marks = [MARKS[Mark(mark)] for mark in line.marks[span.first : span.last]]
    if current is not None and span.first <= current < span.last:
        marks[current - span.first] = f'<b class="wall-now">{marks[current - span.first]}</b>'
    return (
        f'<div role="listitem" class="wall-row{" wall-new" if line.is_new else ""}">'
        f'<bdi class="wall-name" translate="no">{escape(line.name)}</bdi>'
        f'<span class="wall-marks" role="img" aria-label="{escape(how_far(line))}">{"".join(marks)}</span></div>'
    )


def tile_html(line: Line, parts: Parts) -> str:
    """Return one learner as a tile that fills with what is done, with the two parts of the name that have room.

    Those who listen hear the whole name.
    """
    words = ' '.join(f'<span>{escape(part)}</span>' for part in parts if part)
    all_done = ' wall-complete' if line.marks and line.done == len(line.marks) else ''
    return (
        f'<div role="listitem" class="wall-tile {filled(line.percent)}{all_done}{" wall-new" if line.is_new else ""}">'
        f'<bdi class="wall-name" translate="no" aria-hidden="true">{words}</bdi>'
        f'<span class="visually-hidden"><bdi translate="no">{escape(line.name)}</bdi> {escape(how_far(line))}</span>'
        f'</div>'
    )


def how_far(line: Line) -> str:
    """Say how far somebody is, for those who listen."""
    return _how_far(line.done, len(line.marks), line.at, language())


@lru_cache(maxsize=10_000)
def _how_far(done: int, count: int, at: int | None, read_in: str) -> str:
    with reading(read_in):
        said = ngettext('{done} of {count} step done', '{done} of {count} steps done', count, done=done)
        return said if at is None else f'{said} · {_("at step {number}", number=at + 1)}'


def bars_html(shown: PublicClass, span: Span) -> Iterator[str]:
    """Yield a bar for each checkpoint: who is done, of all who are shown."""
    for index in range(span.first, span.last):
        column, share = shown.columns[index], shown.shares[index]
        now = ' wall-now' if index == shown.current else ''
        bar = f'<span class="bar {filled(share or 0)}"></span>'
        yield (
            f'<div role="listitem" class="wall-bar{now}"><b>{column.number}</b>'
            f'<span class="wall-title" dir="auto">{escape(column.title)}</span>{bar}{_share(share)}</div>'
        )


def checkpoints_html(shown: PublicClass, span: Span) -> str:
    """Return the list of checkpoints for the strip, with the share that is done."""
    items = [_left_out(_('{count} before', count=span.before))] if span.before else []
    for index in range(span.first, span.last):
        column = shown.columns[index]
        is_now = index == shown.current
        now, current = (' class="wall-now"', ' aria-current="step"') if is_now else ('', '')
        items.append(
            f'<li{now}{current}><b>{column.number}</b>'
            f'<span class="wall-title" dir="auto">{escape(column.title)}</span>{_share(shown.shares[index])}</li>'
        )
    if span.after:
        items.append(_left_out(_('{count} more', count=span.after)))
    return ''.join(items)


def counts_html(shown: PublicClass) -> str:
    """Return how many have finished everything, are on the way, and have done nothing yet."""
    total = len(shown.columns)
    done = [line.done for line in shown.lines.values()]
    finished = sum(count == total for count in done) if total else 0
    begun = sum(0 < count < total for count in done)
    waiting = len(done) - finished - begun
    facts = (
        (ngettext('{count} has finished', '{count} have finished', finished), finished),
        (ngettext('{count} is on the way', '{count} are on the way', begun), begun),
        (ngettext('{count} is at the start', '{count} are at the start', waiting), waiting),
    )
    return ''.join(f'<span class="number">{escape(text)}</span>' for text, count in facts if count)


def _share(share: int | None) -> str:
    return '' if share is None else f'<span class="number">{_("{percent} %", percent=share)}</span>'


def _left_out(text: str) -> str:
    return f'<li class="wall-left-out"><span></span><span>{escape(text)}</span></li>'
