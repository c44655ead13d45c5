"""Tables as workbooks."""

from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from services.core.workbook import workbook

pytestmark = pytest.mark.req('C7')


def test_texts_stay_texts_and_numbers_are_numbers() -> None:
    rows = [['Name', '=1+1', '<b> & "'], ['Bö\x00\ud800', 80, Decimal('83.3')], [None, '', ' -x']]
    content = workbook(rows, frozen=2)
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    assert sheet.to_python() == [['Name', '=1+1', '<b> & "'], ['Bö\ufffd\ufffd', 80.0, 83.3], ['', '', ' -x']]
    written = ZipFile(BytesIO(content)).read('xl/worksheets/sheet1.xml').decode()
    assert '<f>' not in written
    assert 'topLeftCell="C2"' in written


def test_columns_have_the_letters_of_a_workbook() -> None:
    written = ZipFile(BytesIO(workbook([['x'] * 800]))).read('xl/worksheets/sheet1.xml').decode()
    assert all(f'r="{place}1"' in written for place in ('A', 'Z', 'AA', 'ZZ', 'AAA'))
