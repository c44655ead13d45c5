"""Pages that are only read or posted: plain HTML, no socket, nothing to load but our style sheet.

A class arrives all at once, and the first page of each phone is one of these.
"""

from html import escape

from fastapi.responses import HTMLResponse

from ui.kit import theme
from ui.kit.language import _, language
from web.sub_path import outward_html


def plain_page(title: str, body: str, *, status: int = 200) -> HTMLResponse:
    """Return a page; `body` is HTML that is escaped already."""
    page = _PAGE.format(
        lang=language() or 'en', title=escape(title), icon=theme.favicon_url(), style=theme.address(), body=body
    )
    return HTMLResponse(outward_html(page), status_code=status)


def leaving_page(address: str, why: str) -> HTMLResponse:
    """Return a page that leads to another site at once: what a form posts may not lead there by itself."""
    link = f'<a class="button-primary" href="{escape(address)}">{escape(_("Go on"))}</a>'
    page = plain_page(_('One moment'), f'<h1 class="title">{escape(_("One moment"))}</h1><p>{escape(why)}</p>{link}')
    page.headers['refresh'] = f'0; url={address}'
    return page


def plain_problem(status: int, sentence: str) -> HTMLResponse:
    """Return a page with one sentence and a link to the start page."""
    title = _('This page is not here') if status == 404 else _('That did not work')
    body = (
        f'<div class="empty"><h1 class="title">{escape(title)}</h1><p>{escape(sentence)}</p>'
        f'<a class="button-primary" href="/">{escape(_("To the start page"))}</a></div>'
    )
    return plain_page(title, body, status=status)


_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Waymark</title>
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="{style}">
</head>
<body class="plain">
<header class="frame-header"><a class="wordmark" href="/">Waymark</a></header>
<main class="page"><div class="stack">{body}</div></main>
</body>
</html>
"""
