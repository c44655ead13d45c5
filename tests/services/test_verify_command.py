"""`main.py verify`, as the people who run Waymark call it."""

from pathlib import Path

import pytest

from commands import line, tables
from settings import settings

pytestmark = pytest.mark.req('O9')


@pytest.mark.usefixtures('data_dir')
def test_it_says_what_it_compared_and_goes_on_from_a_snapshot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables.migrate(settings())

    assert verify('--save', tmp_path / 'snapshot') == 0
    assert verify('--from', tmp_path / 'snapshot') == 0
    assert verify('--from', tmp_path / 'another') == 2

    said = capsys.readouterr()
    assert '0 of 0 activities compared, 0 differences' in said.out
    assert f'{tmp_path / "another"} is not a snapshot of this version of Waymark.' in said.err


def verify(option: str, file: Path) -> int:
    return line.run(line.parser().parse_args(['verify', option, str(file)]))
