"""What a learner's page in class says, as HTML: the checkpoint to do now, how far one is, and a line of the list."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from types import MappingProxyType
from zoneinfo import ZoneInfo

from services.content.prose import prose_html
from services.core.phrases import Phrase, phrase
from services.live.board.views import LearnerCheckpoint, Mark, OwnView
from ui.kit.language import _, ngettext, reading, say
from ui.kit.marks import SHAPES
from ui.kit.theme import filled
from ui.live.own_led import led_html

SHORT_WORDS: Mapping[Mark, Phrase] = MappingProxyType(
    {
        Mark.DONE: phrase('done'),
        Mark.DONE_BEFORE: phrase('done before'),
        Mark.WORKING: phrase('started'),
        Mark.STUCK: phrase('stuck'),
    }
)


def now_html(view: OwnView, checkpoint: LearnerCheckpoint | None, course_id: int, zone: ZoneInfo) -> str:
    """Return what to do now; `checkpoint` is the one that is shown, None where all are done."""
    if view.session_id is None:
        return _between_classes_html(view, course_id)
    pause = f'<p class="pace-pause" dir="auto">{escape(say(view.pause))}</p>' if view.pause else ''
    if checkpoint is None:
        return pause + _all_done_html(view, course_id)
    text = (
        f'<div class="step-text prose" dir="auto">{prose_html(checkpoint.description)}</div>'
        if checkpoint.description
        else ''
    )
    return (
        f'{pause}<p class="step-place">{escape(_place(view, checkpoint))}</p>'
        f'<h1 class="step-title" dir="auto">{escape(checkpoint.title)}</h1>{led_html(view, checkpoint, zone)}'
        f'{text}'
    )


def _place(view: OwnView, checkpoint: LearnerCheckpoint) -> str:
    """Return which of the checkpoints this is, and about how long it takes."""
    place = _('{number} of {steps}', number=checkpoint.number, steps=len(view.checkpoints))
    if not checkpoint.minutes:
        return place
    return f'{place} · {_("about {minutes} min", minutes=checkpoint.minutes)}'


def figures_html(view: OwnView, of_all: int | None) -> str:
    """Return how far the learner is, and how far the class, in percent."""
    label = _('You have done {percent} percent', percent=view.percent)
    share = _('{percent} %', percent=view.percent)
    ring = f'<div class="progress-ring {filled(view.percent)}" role="img" aria-label="{escape(label)}">{share}</div>'
    if view.session_id is None or of_all is None:
        return f'<div class="line">{ring}</div>'
    of_class = _('The class is at {percent} %', percent=of_all)
    return f'<div class="line">{ring}<span class="hint">{of_class}</span></div>'


def _all_done_html(view: OwnView, course_id: int) -> str:
    count = len(view.checkpoints)
    text = ngettext('You have finished the only step.', 'You have finished all {count} steps.', count)
    on = _('To the course and your certificate')
    return (
        f'<h1 class="step-title">{_("All done!")}</h1><p class="step-text">{text}</p>'
        f'<p><a class="button-primary" href="/courses/{course_id}/learn">{on}</a></p>'
    )


def _between_classes_html(view: OwnView, course_id: int) -> str:
    title, text = _between_classes(view)
    look = 'button-primary' if view.has_ended else 'button-quiet'
    alone = f'<p><a class="{look}" href="/courses/{course_id}/learn">{_("Learn at your own pace")}</a></p>'
    return f'<h1 class="step-title">{title}</h1><p class="step-text">{text}</p>{alone if view.checkpoints else ""}'


def _between_classes(view: OwnView) -> tuple[str, str]:
    if view.is_archived:
        kept = _('What you did is kept. This page goes on by itself when the course comes back.')
        return _('This course is archived'), kept
    if view.has_ended:
        return _('This class has ended'), _('What you did is kept. You can close this page.')
    return _('Waiting for the class to start'), _('Keep this page open; it moves by itself.')


@lru_cache(maxsize=10_000)
def option(checkpoint: LearnerCheckpoint, read_in: str) -> dict[str, object]:
    """Return a checkpoint for the list; the lists of all who read this language share it, and nobody changes it."""
    with reading(read_in):
        word = f' · {say(SHORT_WORDS[checkpoint.mark])}' if checkpoint.mark in SHORT_WORDS else ''
    return {
        'value': checkpoint.checkpoint_id,
        'label': f'{checkpoint.number}  {checkpoint.title}{word}',
        'color': SHAPES[checkpoint.mark],
    }
