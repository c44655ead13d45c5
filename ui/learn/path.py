"""The list of all checkpoints of a course with the learner's progress, as plain links."""

from html import escape

from services.study.path import PathCheckpoint, PathPart, Place
from ui.kit.checkpoint_words import WORDS
from ui.kit.language import _, say
from ui.kit.raw_element import Piece
from ui.kit.theme import filled


class LearnPath:
    """The list of checkpoints: at the side of the page, on a phone below it."""

    def __init__(self) -> None:
        self._list = Piece('nav', 'learn-path')
        self.client = self._list.client
        self._list.draw({'id': 'steps', 'aria-label': _('All steps'), 'tabindex': '-1'})

    def refresh(self, place: Place, seen: int) -> None:
        """Show all checkpoints; `seen` is the percentage that was seen of the open one."""
        about = (
            f'<a class="link learn-about" href="/courses/{place.course_id}/about">{escape(_("About this course"))}</a>'
        )
        self._list.draw_html(about + ''.join(_part_html(place, part, seen) for part in place.parts))


def address_of(course_id: int, checkpoint: PathCheckpoint) -> str:
    """Return the address of the page of a checkpoint."""
    return f'/courses/{course_id}/learn/{checkpoint.checkpoint_id}'


def facts_of(checkpoint: PathCheckpoint) -> str:
    """Return the kind and the length of a checkpoint."""
    minutes = _('{minutes} min', minutes=checkpoint.minutes) if checkpoint.minutes else ''
    return ' · '.join(part for part in (say(WORDS[checkpoint.kind].word), minutes) if part)


def _part_html(place: Place, part: PathPart, seen: int) -> str:
    if not part.steps:
        return ''
    items = ''.join(_checkpoint_html(place, checkpoint, seen) for checkpoint in part.steps)
    done, counted = sum(each.done for each in part.steps if each.number), sum(bool(each.number) for each in part.steps)
    figure = f'<span class="hint">{_("{done} of {count}", done=done, count=counted)}</span>' if counted else ''
    title = f'<h2 class="learn-part"><span dir="auto">{escape(part.title)}</span>{figure}</h2>'
    return f'{title}<ol class="steps">{items}</ol>'


def _checkpoint_html(place: Place, checkpoint: PathCheckpoint, seen: int) -> str:
    is_here = checkpoint.checkpoint_id == place.checkpoint.checkpoint_id
    percent = max(seen, checkpoint.seen) if is_here else checkpoint.seen
    classes, word = _standing(checkpoint, percent)
    current = ' aria-current="page"' if is_here else ''
    facts = facts_of(checkpoint)
    side = f'<span class="step-side">{escape(facts)}</span>' if facts else ''
    number = f'<span class="step-number">{checkpoint.number}</span>' if checkpoint.number else ''
    aloud = ', '.join(part for part in (f'{checkpoint.number or ""} {checkpoint.title}'.strip(), word, facts) if part)
    address = address_of(place.course_id, checkpoint)
    return (
        f'<li><a class="step {classes}" href="{address}"{current} aria-label="{escape(aloud)}">'
        f'{number}<span class="step-name" dir="auto">{escape(checkpoint.title)}</span>{side}</a></li>'
    )


def _standing(checkpoint: PathCheckpoint, percent: int) -> tuple[str, str]:
    if checkpoint.number is None:
        return 'step-not-yet', _('preview, does not count')
    if checkpoint.done:
        return 'step-done', _('done') if checkpoint.done_alone else _('done in class')
    if percent:
        return f'step-part {filled(percent)}', _('{percent} percent seen', percent=percent)
    if checkpoint.started:
        return 'step-working', _('started')
    return 'step-not-yet', _('not yet')
