"""What table the address of a page asks for, and the address of another one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from fastapi import Request

from services.core.errors import Invalid
from services.enums import ExportTable
from services.goals import personal
from services.reports.exports.asking import MOST_CHOSEN, Asked

MOST_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOf:
    """What is asked for, with the days as they were typed."""

    asked: Asked = field(default_factory=Asked)
    since: str = ''
    until: str = ''

    @property
    def query(self) -> str:
        """The same as the end of an address."""
        named = {
            'what': self.asked.what.value if self.asked.what is not ExportTable.LEARNERS else '',
            'people': ','.join(map(str, self.asked.people)),
            'group': self.asked.group,
            'since': self.since,
            'until': self.until,
            'names': '' if self.asked.has_names else 'no',
        }
        said = urlencode({name: value for name, value in named.items() if value}, safe=',')
        return f'?{said}' if said else ''

    @classmethod
    def of(
        cls,
        *,
        what: str | None,
        people: Sequence[int] | None,
        group: str | None,
        since: str | None,
        until: str | None,
        has_names: bool,
    ) -> 'AskedOf':
        """Return what was chosen in the fields of the page."""
        asked = Asked(
            what=ExportTable(what or ExportTable.LEARNERS),
            people=tuple(people or ()),
            group=group or '',
            has_names=has_names,
        )
        return cls(asked=asked, since=since or '', until=until or '')


def asked_of(request: Request) -> AskedOf:
    """Return what an address asks for; raises `Invalid` for what there is not."""
    query = {name: value.replace('\x00', '') for name, value in request.query_params.items()}
    what, since, until = query.get('what') or ExportTable.LEARNERS, query.get('since', ''), query.get('until', '')
    if what not in list(ExportTable):
        raise Invalid('There is no such table. Choose one from the list.', field='what')
    numbers = [number for number in query.get('people', '').split(',') if number]
    if len(numbers) > MOST_CHOSEN or not all(
        number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS for number in numbers
    ):
        raise Invalid('Choose learners from the list, at most {most}.', most=MOST_CHOSEN, field='people')
    asked = Asked(
        what=ExportTable(what),
        people=tuple(dict.fromkeys(map(int, numbers))),
        group=query.get('group', ''),
        since=personal.read_day(since),
        until=personal.read_day(until),
        has_names=query.get('names') != 'no',
    )
    return AskedOf(asked=asked, since=since, until=until)
