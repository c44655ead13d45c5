"""A table that leaves Waymark is opened as it is, and nothing in it is worked out."""

import csv
import io

import pytest

from services.core.csv import csv_text, safe_cell

pytestmark = pytest.mark.req('L12', 'A6')


@pytest.mark.parametrize('cell', ['=1+1', '+49 30', '-2', '@SUM(A1)', ' =1', '＝1+1'])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert written([[cell, 'plain', 7]]) == [[f"'{cell}", 'plain', '7']]


@pytest.mark.parametrize(
    ('cell', 'seen'),
    [
        ("Ann;=cmd|' /C calc'!A0", "Ann;'=cmd|' /C calc'!A0"),
        ('Ann; "＠SUM(A1)', 'Ann; "\'＠SUM(A1)'),
        ('\t=1', "'\t'=1"),
        ('\r=1', "'\r'=1"),
        ('Ann, -2', 'Ann, -2'),
        ('one; two', 'one; two'),
    ],
)
def test_nor_is_a_part_of_it_where_cells_are_parted_otherwise(cell: str, seen: str) -> None:
    assert written([[cell]]) == [[seen]]


def test_between_semicolons_commas_part_nothing_that_is_a_formula() -> None:
    assert safe_cell('Ann,=1+1; -2', parted_by=';') == "Ann,'=1+1; -2"


def test_names_of_all_scripts_arrive_whole() -> None:
    names = ['Ông Nguyễn', 'מרים כהן', 'Lena "the Lens", Low', 'two\nlines', "D'Arc"]

    assert csv_text([names]).encode().startswith(b'\xef\xbb\xbf')
    assert written([names]) == [names]


def test_nothing_is_an_empty_cell() -> None:
    assert written([[None, '', 0]]) == [['', '', '0']]


def written(rows: list[list[str | int | None]]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_text(rows).removeprefix('\ufeff'), newline='')))
