"""What is left of its language in a text that somebody pasted: links of Markdown, signs of HTML."""

import re

LINK = re.compile(r'\[([^\[\]]+)\]\(([^()\s]+)\)')
"""a link of Markdown: what it is called, and where it leads"""
SIGN = re.compile(r'&(?:amp;){0,3}(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,24});')
"""a sign of HTML, such as `&uuml;`, also where it was written several times over: `&amp;uuml;`"""
