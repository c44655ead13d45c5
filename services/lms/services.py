"""What platforms offer over the network: columns in their gradebook, scores, results, class lists."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx
import orjson

from services.core import threads
from services.core.phrases import Phrase, phrase
from services.core.text import clean, line
from services.lms import connection, platforms, tokens
from services.lms.connection import NotReached
from services.lms.messages import as_id
from services.lms.platforms import Platform

LINE_ITEM = 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem'
LINE_ITEM_READ = 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly'
SCORE = 'https://purl.imsglobal.org/spec/lti-ags/scope/score'
RESULT = 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly'
MEMBERS = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly'
_COLUMN = 'application/vnd.ims.lis.v2.lineitem+json'
_COLUMNS = 'application/vnd.ims.lis.v2.lineitemcontainer+json'
_SCORE = 'application/vnd.ims.lis.v1.score+json'
_RESULTS = 'application/vnd.ims.lis.v2.resultcontainer+json'
_MEMBERS = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json'
MOST_PAGES = 2_000
"""Canvas has ten people on each, whatever is asked for"""
MOST_MEMBERS = 20_000
MOST_PAGE_BYTES = 8 * 1024 * 1024
"""Moodle answers with the people, or the results, of a whole course at once"""
LONGEST_COMMENT = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column in the gradebook of a platform is for: a link there, or a milestone that has a name of ours."""

    resource_link_id: str = ''
    resource_id: str = 'waymark'
    label: str = ''
    maximum: int = 100

    @property
    def query(self) -> dict[str, str]:
        """By what the platform finds it."""
        if self.resource_link_id:
            return {'resource_link_id': self.resource_link_id}
        return {'resource_id': self.resource_id}

    @property
    def said(self) -> dict[str, Any]:
        """It as the platform makes it."""
        link = {'resourceLinkId': self.resource_link_id} if self.resource_link_id else {'tag': 'milestone'}
        return {'label': self.label[:200], 'scoreMaximum': self.maximum, 'resourceId': self.resource_id, **link}

    def is_in(self, said: dict[str, Any]) -> bool:
        """Tell whether this is what a platform says of a column: some answer with all that they have."""
        if self.resource_link_id:
            return as_id(said.get('resourceLinkId')) == self.resource_link_id
        return said.get('resourceId') == self.resource_id and not said.get('resourceLinkId')


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the gradebook of a platform has of one person."""

    score: float | None
    """of 100; None for no grade"""
    comment: str = ''
    changed_at: datetime | None = None
    """where the platform says it"""


async def find_column(
    client: httpx.AsyncClient, platform: Platform, *, columns: str, wanted: Column, scope: str = LINE_ITEM
) -> str:
    """Return the address of a column in the gradebook of a platform; empty where there is none."""
    bearer = await tokens.token(client, platform, (scope,))
    endless = phrase('The columns of the platform have no end.')
    address = _with_query(columns, wanted.query)
    async for answer in _pages(client, platform, address, bearer, accept=_COLUMNS, endless=endless):
        found = answer.json
        for each in found if isinstance(found, list) else []:
            if isinstance(each, dict) and wanted.is_in(each) and _is_address(each.get('id')):
                return str(each['id'])
    return ''


async def find_or_make_column(client: httpx.AsyncClient, platform: Platform, *, columns: str, wanted: Column) -> str:
    """Return the address of a column in the gradebook of a platform, which is made where there is none."""
    found = await find_column(client, platform, columns=columns, wanted=wanted)
    if found:
        return found
    bearer = await tokens.token(client, platform, (LINE_ITEM,))
    answer = await _ask(client, platform, 'POST', columns, bearer, accept=_COLUMN, kind=_COLUMN, said=wanted.said)
    column = answer.json
    if not isinstance(column, dict) or not _is_address(column.get('id')):
        raise NotReached(phrase('The platform does not say where the new column is.'), is_final=True)
    return str(column['id'])


async def send_score(client: httpx.AsyncClient, platform: Platform, column: str, message: dict[str, Any]) -> None:
    """Send a score; raises `NotReached`."""
    bearer = await tokens.token(client, platform, (SCORE,))
    await _ask(client, platform, 'POST', _below(column, 'scores'), bearer, accept='*/*', kind=_SCORE, said=message)


async def results(client: httpx.AsyncClient, platform: Platform, column: str) -> dict[str, Result | None]:
    """Return what a column has of each person, by subject; None where that makes no sense.

    Raises `NotReached`, also where only a part arrives. No size of pages is asked for: a platform may take it for the
    number of results that are wanted, and leave the others out.
    """
    bearer = await tokens.token(client, platform, (RESULT,))
    found: dict[str, Result | None] = {}
    endless = phrase('The grades of the platform have no end.')
    address = _below(column, 'results')
    pages = _pages(client, platform, address, bearer, accept=_RESULTS, endless=endless, most=MOST_PAGE_BYTES)
    async for answer in pages:
        found |= await threads.shared.go_on(_results_of, answer)
        if len(found) > MOST_MEMBERS:
            raise NotReached(endless, is_final=True)
    return found


async def members(client: httpx.AsyncClient, platform: Platform, address: str) -> list[dict[str, Any]]:
    """Return everybody on a class list, page by page; raises `NotReached`, also where only a part arrives."""
    bearer = await tokens.token(client, platform, (MEMBERS,))
    found: list[dict[str, Any]] = []
    endless = phrase('The class list of the platform has no end.')
    pages = _pages(client, platform, address, bearer, accept=_MEMBERS, endless=endless, most=MOST_PAGE_BYTES)
    async for answer in pages:
        found += await threads.shared.go_on(_members_of, answer)
        if len(found) > MOST_MEMBERS:
            raise NotReached(endless, is_final=True)
    return found


async def _pages(
    client: httpx.AsyncClient,
    platform: Platform,
    address: str,
    bearer: str,
    *,
    accept: str,
    endless: Phrase,
    most: int = connection.MOST_BYTES,
) -> AsyncIterator[connection.Answer]:
    """Yield page after page; a list without an end is refused with a sentence."""
    seen: set[str] = set()
    while address:
        if address in seen or len(seen) >= MOST_PAGES:
            raise NotReached(endless, is_final=True)
        seen.add(address)
        answer = await _ask(client, platform, 'GET', address, bearer, accept=accept, most=most)
        yield answer
        address = connection.next_page(address, answer)


def _members_of(answer: connection.Answer) -> list[dict[str, Any]]:
    page = answer.json
    listed = page.get('members') if isinstance(page, dict) else None
    if not isinstance(listed, list):
        raise NotReached(phrase('The platform does not answer with a class list.'))
    return [each for each in listed if isinstance(each, dict)]


def _results_of(answer: connection.Answer) -> dict[str, Result | None]:
    said = answer.json
    if not isinstance(said, list):
        raise NotReached(phrase('The platform does not answer with grades.'))
    return {
        subject: _result(each) for each in said if isinstance(each, dict) and (subject := as_id(each.get('userId')))
    }


def _result(said: dict[str, Any]) -> Result | None:
    score, most = said.get('resultScore'), said.get('resultMaximum')
    if score is None:
        return Result(score=None, comment=_comment(said), changed_at=_moment(said.get('timestamp')))
    if most is None:
        most = 1  # as the standard has it
    if not _is_number(score) or not _is_number(most) or most <= 0 or not math.isfinite(hundred := score / most * 100):
        return None
    return Result(score=round(hundred, 2), comment=_comment(said), changed_at=_moment(said.get('timestamp')))


def _is_number(said: object) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool) and said >= 0


def _comment(said: dict[str, Any]) -> str:
    text = said.get('comment')
    return line(clean(text[:LONGEST_COMMENT])) if isinstance(text, str) else ''


def _moment(said: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _below(column: str, name: str) -> str:
    """Return the address of what belongs to a column."""
    parts = urlsplit(column)
    return urlunsplit(parts._replace(path=f'{parts.path.rstrip("/")}/{name}'))


async def _ask(
    client: httpx.AsyncClient,
    platform: Platform,
    method: str,
    address: str,
    bearer: str,
    *,
    accept: str,
    kind: str = '',
    said: dict[str, Any] | None = None,
    most: int = connection.MOST_BYTES,
) -> connection.Answer:
    await connection.check_address(platform.hosts, address)
    headers = {'authorization': f'Bearer {bearer}', 'accept': accept}
    if kind:
        headers['content-type'] = kind
    content = None if said is None else orjson.dumps(said)
    try:
        return await connection.ask(client, method, address, headers=headers, content=content, most=most)
    except NotReached as why:
        if why.status == 401:
            tokens.forget(platform)
        raise


def _is_address(said: object) -> bool:
    """Tell whether what a platform says of a column can be kept as its address."""
    return isinstance(said, str) and len(said) <= platforms.LONGEST_ADDRESS and said.isprintable()


def _with_query(address: str, more: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *more.items()])
    return urlunsplit(parts._replace(query=query))
