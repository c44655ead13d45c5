"""What a step is called beside its bar: two lines at most, and nothing that Plotly would read as a tag."""

import pytest

from ui.kit.chart import step_label


@pytest.mark.req('O5')
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
    assert step_label(3, title) == shown
