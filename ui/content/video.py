"""A video in a lesson: plays in the browser's own player; what the browser reports is followed and saved.

The browser sends an event when something happens and every five seconds during playback; the server then asks it for
the position.
"""

import math
import time
from contextlib import suppress
from html import escape

from nicegui import background_tasks, ui

from services.content import video_progress
from services.content.video_progress import Heartbeat, Watched
from services.content.video_tracker import Watch
from services.core import database
from services.core.errors import DomainError, NotSaved, NotSignedIn
from services.study.lesson_checkpoints import FileFacts, LessonCheckpoint
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.raw_element import Piece
from ui.kit.video_link import draw_video_link

ANSWERS_WITHIN = 3.0
"""seconds"""
DRAGGING = 0.25
"""Seconds between two events while the learner drags the slider."""
LATE = 1.0
"""Seconds; a clock that begins earlier than this counts as beginning at zero."""
WIDTH = 1000
"""of the strip that shows what was seen, in its own units"""


def draw_video(lesson: Lesson) -> None:
    """Draw the video of a lesson, and follow the learner where watching counts."""
    checkpoint = lesson.checkpoint
    if checkpoint.link:
        draw_video_link(checkpoint.link)
        return
    if checkpoint.file is None:
        said = _('The video is not here yet. Your instructor is still to add it.')
        Piece('p').draw({'innerHTML': said}, classes='hint')
        return
    with ui.element('div').classes('video-place'):
        player = draw_player(checkpoint, checkpoint.file)
        if lesson.is_counted:
            Following(lesson, checkpoint.file, player)


def draw_player(checkpoint: LessonCheckpoint, file: FileFacts) -> ui.element:
    """Draw the browser's own player, whose controls work with the keyboard and are known to the learner."""
    address = f'/content/{checkpoint.checkpoint_id}'
    player = ui.element('video').classes('video')
    player.props('controls playsinline preload=metadata tabindex=0')
    # a replaced video has another address, so that browsers do not show the old one
    player.props['src'] = f'{address}/film?v={file.upload_id}'
    player.props['aria-label'] = _('Video: {title}', title=checkpoint.title)
    if checkpoint.has_captions:
        with player:
            track = ui.element('track').props(f'kind=captions src={address}/captions')
            track.props['label'] = _('Captions')
    return player


class Following:
    """Follows one video on one page, and shows how much of it the learner has seen."""

    def __init__(self, lesson: Lesson, file: FileFacts, player: ui.element) -> None:
        self._lesson = lesson
        self._file_id = file.upload_id
        self._seconds = file.seconds or 0.0
        self._player = player
        self._watch = Watch(self._seconds)
        self._is_over = False
        self._jumps = 0
        self._is_asking = False
        self._zero: float | None = None
        """the position that the browser reports at the start of the video; its clock need not begin at zero"""
        self._seen = Piece('div', 'video-seen')
        self._said = Piece('p', 'hint video-said')
        self._said.draw({'role': 'status', 'dir': 'auto'})
        self._show(Watched(percent=lesson.place.here.seen))
        self._listen()
        lesson.position, lesson.go_to = lambda: self._watch.position(time.monotonic()), self.go_to
        lesson.look_at_content = self._look_again
        lesson.at_leaving(self._leave)
        ui.context.client.on_disconnect(self._cut_off)

    def go_to(self, seconds: float) -> None:
        """Continue the video from another position."""
        place = max(min(seconds, self._seconds), 0.0) + (self._zero or 0.0)
        if place == self._player.props.get('currentTime'):
            place = abs(place - 1e-4)  # never the same value twice, because only changes are sent to the browser
        self._player.props['currentTime'] = place
        self._player.update()

    def _listen(self) -> None:
        on = self._player.on
        on('loadedmetadata', gesture(self._loaded), args=[[]])
        on('error', gesture(self._failed), args=[[]])
        on('play', gesture(self._played), args=[[]])
        on('pause', gesture(self._paused), args=[[]])
        on('ended', gesture(self._ended), args=[[]])
        on('seeking', gesture(self._jumped), args=[[]])
        on('seeked', gesture(self._landed), args=[[]], throttle=DRAGGING)
        on('timeupdate', gesture(self._told), args=[[]], throttle=video_progress.HEARTBEAT, trailing_events=False)

    async def _look_again(self) -> None:
        self._show(await self._so_far())

    async def _so_far(self) -> Watched:
        return await database.read(video_progress.so_far, self._lesson.actor, self._lesson.checkpoint.checkpoint_id)

    async def _loaded(self) -> None:
        """Continue where the learner stopped, on any device."""
        await self._find_zero()
        watched = await self._so_far()
        if watched.percent >= self._percent:  # not if more was saved, and shown, while this was read
            self._show(watched)
        if watched.position > 0:
            self._watch.expect_jump()
            self.go_to(watched.position)
            self._say(_('You were at {time}; the video goes on there.', time=_timecode(watched.position)))

    async def _find_zero(self) -> None:
        """Ask the browser once for the position, before anything has moved it."""
        if self._zero is not None or self._is_asking:
            return
        self._is_asking, position = True, None
        with suppress(TimeoutError):
            position = await self._player.get_computed_prop('currentTime', timeout=ANSWERS_WITHIN)
        self._is_asking, self._zero = False, 0.0
        if isinstance(position, int | float) and LATE <= position < math.inf and not self._jumps:
            # a learner who has pressed play meanwhile is somewhere in the video, unless the position lies beyond it
            self._zero = float(position) if position > self._seconds or not self._watch.is_playing else 0.0

    async def _failed(self) -> None:
        self._say(_('The video does not load here. Check your connection, then load the page again.'))

    async def _played(self) -> None:
        self._watch.play(time.monotonic())
        self._touched()
        self._say('')

    async def _paused(self) -> None:
        self._watch.pause(time.monotonic())
        self._touched()
        await self._told()

    async def _jumped(self) -> None:
        self._jumps += 1
        self._watch.jump(time.monotonic())

    async def _landed(self) -> None:
        self._lesson.is_playing = self._watch.is_playing
        await self._told()  # not an action of the learner: the video also jumps by itself to the last position

    async def _ended(self) -> None:
        self._watch.end(time.monotonic())
        self._touched()
        await self._save()

    async def _told(self) -> None:
        """Ask the browser for the position and save it; an answer from before a jump is ignored."""
        jumps = self._jumps
        try:
            position = await self._player.get_computed_prop('currentTime', timeout=ANSWERS_WITHIN)
        except TimeoutError:
            self._watch.guess(time.monotonic())
        else:
            if jumps == self._jumps and not (self._is_asking and _is_beyond(position, self._seconds)):
                self._watch.tell(self._since_zero(position), time.monotonic())
        await self._save()

    def _since_zero(self, position: object) -> object:
        return position - (self._zero or 0.0) if isinstance(position, int | float) else position

    def _cut_off(self) -> None:
        """Save at once what has played until the connection was lost, perhaps because the page was closed."""
        self._watch.guess(time.monotonic())
        background_tasks.create(self._save(), name='save a video that was cut off')

    async def _leave(self) -> None:
        self._watch.leave(time.monotonic())
        self._lesson.is_playing = False
        await self._save()

    async def _save(self) -> None:
        """Save what was reported since the last time; the next save includes what cannot be saved now."""
        told = self._watch.take()
        if not told or self._is_over:
            return
        lesson = self._lesson
        beat = Heartbeat(
            actor=lesson.actor, checkpoint_id=lesson.checkpoint.checkpoint_id, file_id=self._file_id, told=told
        )
        try:
            watched = await video_progress.save(beat)
        except NotSaved as trouble:
            self._watch.give_back(told)
            self._say(say(trouble))
        except DomainError as refusal:
            self._is_over = True
            if not isinstance(refusal, NotSignedIn):
                self._say(say(refusal))
        else:
            await self._saved(watched)

    async def _saved(self, watched: Watched) -> None:
        if watched.is_replaced:
            self._is_over = True
            self._say(_('Your instructor has put in another video. Load the page again to see it.'))
            return
        if watched.percent != self._percent or not self._watch.is_playing:
            self._show(watched)
            self._lesson.show_seen(watched.percent)
        if watched.is_complete:
            await self._lesson.completed()

    def _touched(self) -> None:
        self._lesson.is_playing = self._watch.is_playing
        self._lesson.touch()

    def _show(self, watched: Watched) -> None:
        self._percent = watched.percent
        self._seen.draw_html(_seen_html(watched, self._seconds))

    def _say(self, sentence: str) -> None:
        self._said.draw_html(escape(sentence))


def _seen_html(watched: Watched, seconds: float) -> str:
    parts = ''.join(_part(start, stop, seconds) for start, stop in watched.seen)
    return (
        f'<svg class="video-strip" viewBox="0 0 {WIDTH} 8" preserveAspectRatio="none" aria-hidden="true">{parts}</svg>'
        f'<span class="number">{_("{percent} % seen", percent=watched.percent)}</span>'
    )


def _part(start: float, stop: float, seconds: float) -> str:
    return f'<rect x="{start / seconds * WIDTH:.1f}" width="{(stop - start) / seconds * WIDTH:.1f}" height="8"/>'


def _timecode(seconds: float) -> str:
    """Return a position in a video as players show it, such as 1:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f'{hours}:{minutes:02}:{rest:02}' if hours else f'{minutes}:{rest:02}'


def _is_beyond(position: object, seconds: float) -> bool:
    return isinstance(position, int | float) and position > seconds
