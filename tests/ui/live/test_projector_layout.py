"""What the projector shows of classes of every size, and who is in its picture."""

import pytest

from services.live.board.views import Change, ClassView, Column, Headcount, Mark, Presence, Row
from ui.live import projector_layout as layout
from ui.live.projector_class import PublicClass
from ui.live.projector_layout import Density

pytestmark = [pytest.mark.req('L14')]

FOUR_TO_THREE = 180.0


@pytest.mark.parametrize(
    ('learners', 'width', 'density'),
    [
        (1, layout.WIDE, Density.ROWS),
        (40, layout.WIDE, Density.ROWS),
        (41, layout.WIDE, Density.TILES),
        (150, layout.WIDE, Density.TILES),
        (151, layout.WIDE, Density.SUMMARY),
        (500, layout.WIDE, Density.SUMMARY),
        (20, FOUR_TO_THREE, Density.ROWS),
        (21, FOUR_TO_THREE, Density.TILES),
        (101, FOUR_TO_THREE, Density.SUMMARY),
    ],
)
def test_the_size_of_the_class_and_the_screen_choose_the_picture(learners: int, width: float, density: Density) -> None:
    assert layout.density_for(learners, width) is density
    assert layout.fits(density, learners, width)


@pytest.mark.parametrize('learners', range(21, 151))
def test_all_tiles_fit_below_each_other(learners: int) -> None:
    tiles = layout.tiles(learners, layout.WIDE)
    down = -(-learners // tiles.columns)

    assert (
        down * ((1 if tiles.is_one_line else 2) * layout.TILE_LINE * layout.TILE_TEXTS[tiles.size] + layout.TILE_EDGE)
        <= layout.CLASS_HEIGHT
    )


@pytest.mark.parametrize('learners', [3, 30, 35])
def test_in_an_upright_window_tiles_have_both_words_because_the_page_scrolls(learners: int) -> None:
    assert not layout.tiles(learners, layout.UPRIGHT - 1).is_one_line


@pytest.mark.parametrize('focus', [0, 7, 29, 199])
@pytest.mark.parametrize('checkpoints', [1, 4, 12, 30, 200])
def test_the_checkpoint_in_focus_is_always_in_the_list_in_the_marks_and_in_the_bars(
    checkpoints: int, focus: int
) -> None:
    focus = min(focus, checkpoints - 1)
    room = layout.marks_room(40, layout.WIDE, layout.NAME_MOST)
    listed = layout.checkpoints_list(columns(checkpoints, 'Wet the sample and wait for the colour'), focus).span

    for span in listed, layout.bars_span(checkpoints, focus), layout.marks_span(checkpoints, room, focus):
        assert span.first <= focus < span.last
        assert span.before + (span.last - span.first) + span.after == checkpoints
    assert focus in layout.labelled(layout.marks_span(checkpoints, room, focus), room, focus)


@pytest.mark.parametrize(
    ('name', 'room'), [('Calm Yak', layout.NAME_LEAST), ('Spotted Hummingbird', 40), ('W' * 60, layout.NAME_CUT)]
)
def test_rows_leave_the_room_that_the_longest_name_needs(name: str, room: int) -> None:
    assert layout.name_room(['Calm Yak', name], 3.5) == room


def test_a_short_list_of_long_titles_has_more_lines_for_each() -> None:
    long = 'Wet the sample and wait for the colour to settle'

    assert layout.checkpoints_list(columns(4, long), 0).lines == 4
    assert layout.checkpoints_list(columns(30, long), 0).lines == 2
    assert layout.letters('土壌') == 4


def test_the_class_is_where_less_than_half_have_done_a_checkpoint() -> None:
    assert PublicClass(view(shares=(90, 50, 49))).focus == 2
    assert PublicClass(view(shares=(None, None, None))).focus == 0
    assert PublicClass(view(shares=(90, 50, 49), current=1)).focus == 0


def test_a_picture_that_stands_still_keeps_marks_and_lets_go_of_who_hides() -> None:
    shown = PublicClass(view('Ana', 'Ben'))
    still = shown.copy()
    shown.apply(Change(cells=(('key Ana', 1, Mark.DONE),), shares=(), percent=None, headcount=Headcount(here=2)))

    still.keep_only(view('Ana'))

    assert [line.name for line in still.lines.values()] == ['Ana']
    assert still.lines['key Ana'].done == 0
    assert shown.lines['key Ana'].done == 1


def test_names_are_in_the_order_of_their_letters_and_not_of_coming() -> None:
    shown = PublicClass(view('Zoë', 'Émile', 'Otto'))
    shown.apply(Change(rows=(row('eva'),), shares=(), percent=None, headcount=Headcount(here=4)))

    assert [line.name for line in shown.lines.values()] == ['Émile', 'eva', 'Otto', 'Zoë']
    assert [line.is_new for line in shown.lines.values()] == [False, True, False, False]


def columns(count: int, title: str = 'Step') -> tuple[Column, ...]:
    return tuple(Column(checkpoint_id=number, number=number, title=title) for number in range(1, count + 1))


def row(name: str) -> Row:
    return Row(key=f'key {name}', name=name, marks=(0, 0, 0), percent=0, presence=Presence.WORKING)


def view(*names: str, shares: tuple[int | None, ...] = (None, None, None), current: int | None = None) -> ClassView:
    return ClassView(
        columns=columns(3),
        rows=tuple(row(name) for name in names),
        shares=shares,
        percent=None,
        headcount=Headcount(here=len(names)),
        current=current,
    )
