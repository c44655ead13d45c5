"""What report is asked for: read from an address, written into one, and chosen in a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlencode

from services.core.errors import Invalid
from services.enums import ReportDetail, ReportKind
from services.reports.performance.document import Options
from ui.kit.language import Spoken, _

KINDS: Mapping[str, str] = Spoken(
    {
        ReportKind.PROGRESS: lambda: _('Progress'),
        ReportKind.GRADE: lambda: _('Grades'),
        ReportKind.COMPREHENSIVE: lambda: _('Everything'),
    }
)
DETAILS: Mapping[str, str] = Spoken(
    {
        ReportDetail.SUMMARY: lambda: _('Summary'),
        ReportDetail.DETAILED: lambda: _('Detailed'),
        ReportDetail.COMPREHENSIVE: lambda: _('Complete'),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A report that is asked for."""

    course_id: int | None
    options: Options

    @property
    def query(self) -> str:
        """The same as the end of an address."""
        options = self.options
        named = {
            'course': str(self.course_id or ''),
            'type': options.kind.value,
            'detail': options.detail.value,
            'graphs': '' if options.include_graphs else 'no',
            'start': options.since.isoformat() if options.since else '',
            'end': options.until.isoformat() if options.until else '',
        }
        return urlencode({name: value for name, value in named.items() if value})


def chosen(query: Mapping[str, str]) -> Chosen:
    """Return which report an address asks for; raises `Invalid` for what there is not."""
    course, kind = query.get('course', ''), query.get('type') or ReportKind.PROGRESS
    detail = query.get('detail') or ReportDetail.DETAILED
    if kind not in list(ReportKind) or detail not in list(ReportDetail) or not (course or '0').isdecimal():
        raise Invalid('There is no such report. Choose one from the lists.')
    return Chosen(
        course_id=int(course[:9]) if course else None,
        options=Options(
            kind=ReportKind(kind),
            detail=ReportDetail(detail),
            include_graphs=query.get('graphs') != 'no',
            since=_day(query.get('start', '')),
            until=_day(query.get('end', '')),
        ),
    )


def choice_html(found: Chosen, address: str) -> str:
    """Return the form in which a report is chosen; it leads to the same page with another address."""
    options = found.options
    fields = (
        _select('type', _('About'), KINDS, options.kind),
        _select('detail', _('How much'), DETAILS, options.detail),
        _date('start', _('From'), options.since),
        _date('end', _('To'), options.until),
        _select('graphs', _('Pictures'), {'yes': _('with pictures'), 'no': _('without')},
                'yes' if options.include_graphs else 'no'),
    )  # fmt: skip
    course = f'<input type="hidden" name="course" value="{found.course_id}">' if found.course_id else ''
    button = f'<button class="button-quiet" type="submit">{escape(_("Show"))}</button>'
    return (
        f'<form class="report-choice" method="get" action="{escape(address)}">{course}{"".join(fields)}{button}</form>'
    )


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip()[:10])
    except ValueError as error:
        raise Invalid('Enter a date such as 2030-01-31.', field='start') from error


def _select(name: str, label: str, options: Mapping[str, str], value: str) -> str:
    choices = ''.join(
        f'<option value="{key}"{" selected" if key == value else ""}>{escape(options[key])}</option>' for key in options
    )
    return f'<label class="field"><span>{escape(label)}</span><select name="{name}">{choices}</select></label>'


def _date(name: str, label: str, value: date | None) -> str:
    shown = value.isoformat() if value else ''
    return f'<label class="field"><span>{escape(label)}</span><input type="date" name="{name}" value="{shown}"></label>'
