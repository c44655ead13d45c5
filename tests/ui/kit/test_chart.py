"""A chart: titles in two lines without tags, and nothing but what Plotly knows."""

import re

import pytest
from nicegui import ui
from nicegui.client import Client
from nicegui.page import page
from plotly.graph_objects import Figure

from services.live.board.views import Column
from services.live.replay.checkpoint_times import CheckpointTimes
from ui.analytics.charts import Part, lying, standing
from ui.kit.chart import checkpoint_label
from ui.live.checkpoint_chart import draw_checkpoint_chart

pytestmark = pytest.mark.req('O5')

PARTS = [Part(name=name, values=[1, 2.5], words=['', '2 <b>']) for name in ('done', 'started')]


@pytest.mark.parametrize(
    ('title', 'shown'),
    [
        ('Measure the pH', '3 Measure the pH'),
        ('Put on gloves and goggles', '3 Put on gloves and<br>goggles'),
        ('Which of your samples holds more water?', '3 Which of your<br>samples holds more …'),
        ('a <b> & c', '3 a &lt;b&gt; &amp; c'),
    ],
)
def test_a_title_has_two_lines(title: str, shown: str) -> None:
    assert checkpoint_label(3, title) == shown


def test_every_picture_is_one_that_plotly_knows_and_its_library_is_loaded_once() -> None:
    names = ['1 <b>', '2']
    with Client(page(''), request=None) as client:
        lying('Bars', names, PARTS, kind='completion')
        lying('Bars and plans', names, PARTS, marks=[None, 4], kind='times')
        standing('Few bars', names, PARTS, kind='weeks')
        standing(
            'Many bars', [str(number) for number in range(20)], [Part(name='', values=range(20), words=[])], kind=''
        )
        draw_checkpoint_chart(
            [a_checkpoint(1, planned=60), a_checkpoint(2, planned=None), a_checkpoint(3, planned=None, took=())]
        )
    drawn = [each.props['options'] for each in client.elements.values() if isinstance(each, ui.plotly)]

    assert len(drawn) == 5
    for picture in drawn:
        Figure(picture['data'], picture['layout'])  # refuses every name and value that is not Plotly's
    links = re.findall('<link rel="modulepreload" href="([^"]+)">', client.head_html)
    assert len([link for link in links if '/esm/' in link]) == 1
    assert len(links) == len(set(links))
    client.delete()


@pytest.mark.parametrize(('most', 'step'), [(1, 1), (5, 1), (30, None)])
def test_an_axis_of_a_few_learners_counts_whole_ones(most: int, step: int | None) -> None:
    with Client(page(''), request=None) as client:
        lying('Bars', ['1'], [Part(name='done', values=[most], words=[''])], kind='completion')
    (drawn,) = [each.props['options'] for each in client.elements.values() if isinstance(each, ui.plotly)]

    assert drawn['layout']['xaxis'].get('dtick') == step
    client.delete()


def a_checkpoint(number: int, *, planned: int | None, took: tuple[int, ...] = (30, 90, 4000)) -> CheckpointTimes:
    column = Column(checkpoint_id=number, number=number, title=f'Step {number}')
    return CheckpointTimes(column=column, planned=planned, reached=(None, None), took=took)
