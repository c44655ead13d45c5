"""How long each checkpoint of a class took, as box plots: one line for each checkpoint, from top to bottom."""

from collections.abc import Sequence

from services.live.replay.checkpoint_times import CheckpointTimes, finding
from ui.kit.chart import Values, chart, checkpoint_label
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, hint
from ui.kit.time_format import stopwatch

LINE = 36
"""pixels for each checkpoint"""
AXES = 52
TICKS = (15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600)
"""seconds between two lines of the axis, of which there are a few"""
MOST_TICKS = 5


def draw_checkpoint_chart(checkpoints: Sequence[CheckpointTimes]) -> None:
    """Draw the finding, and the box plots that show it."""
    says = say(finding(checkpoints))
    Text('p', says).classes('chart-title')
    done = [checkpoint for checkpoint in checkpoints if checkpoint.spread]
    if not done:
        return
    far = sum(len(checkpoint.spread.far) for checkpoint in done if checkpoint.spread)
    planned = [checkpoint for checkpoint in checkpoints if checkpoint.planned]
    hint(' '.join([_how_to_read(far), *([_('Diamond: what was planned.')] if planned else [])]))
    end = max(
        max(checkpoint.spread.most for checkpoint in done if checkpoint.spread),
        *(checkpoint.planned or 0 for checkpoint in checkpoints),
        1,
    )
    chart(
        [_boxes(done), _plans(planned)],
        says=says,
        layout={'height': LINE * len(checkpoints) + AXES},
        x={**_time_axis(end), 'range': [-0.02 * end, 1.04 * end]},
        y={
            'categoryorder': 'array',
            'categoryarray': [_name(checkpoint) for checkpoint in checkpoints],
            'range': [len(checkpoints) - 0.5, -0.5],
        },
    )


def _how_to_read(far: int) -> str:
    if not far:
        return _(
            'Box: the middle half of those who did the step; the line in it: half took at most this long. '
            'Whiskers: all others.'
        )
    return ngettext(
        'Box: the middle half of those who did the step; the line in it: half took at most this long. '
        'Whiskers: all others, but for {count} far away.',
        'Box: the middle half of those who did the step; the line in it: half took at most this long. '
        'Whiskers: all others, but for {count} far away.',
        far,
    )


def _boxes(checkpoints: Sequence[CheckpointTimes]) -> Values:
    spreads = [checkpoint.spread for checkpoint in checkpoints if checkpoint.spread]
    first, half, third = zip(*(spread.quarters for spread in spreads), strict=True)
    return {
        'type': 'box',
        'orientation': 'h',
        'y': [_name(checkpoint) for checkpoint in checkpoints],
        'lowerfence': [spread.least for spread in spreads],
        'q1': first,
        'median': half,
        'q3': third,
        'upperfence': [spread.most for spread in spreads],
        'width': 0.55,
        'hoverinfo': 'skip',
    }


def _plans(checkpoints: Sequence[CheckpointTimes]) -> Values:
    return {
        'type': 'scatter',
        'mode': 'markers',
        'marker': {'symbol': 'diamond', 'size': 9},
        'x': [checkpoint.planned for checkpoint in checkpoints],
        'y': [_name(checkpoint) for checkpoint in checkpoints],
        'hoverinfo': 'skip',
    }


def _time_axis(end: int) -> dict[str, object]:
    apart = next((each for each in TICKS if end / each <= MOST_TICKS), -(-end // (MOST_TICKS * 3600)) * 3600)
    ticks = range(0, end + 1, apart)
    return {'tickvals': list(ticks), 'ticktext': [stopwatch(tick) for tick in ticks]}


def _name(checkpoint: CheckpointTimes) -> str:
    return checkpoint_label(checkpoint.column.number, checkpoint.column.title)
