"""A process of its own that makes one PDF: a job as JSON on standard input, the PDF on standard output.

What goes wrong is one line on standard error. Apart from the server, because a typesetter cannot be interrupted: the
server ends this process when it takes too long.
"""

import json
import re
import sys
from pathlib import Path

import typst

SERVICES = Path(__file__).resolve().parents[1]
"""Where templates find each other: `#import "/core/paper.typ"`."""
NO_LETTER = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r'\\u\{([0-9a-f]+)\}')
"""how it writes a letter that it cannot show either"""


def main() -> None:
    """Make the PDF."""
    job = json.load(sys.stdin)
    try:
        pdf = made(job)
    except typst.TypstError as error:
        sys.exit(f'{error.message} {" ".join(error.hints)}'.replace('\n', ' '))
    sys.stdout.buffer.write(pdf)


def made(job: dict[str, object]) -> bytes:
    """Return the PDF; a letter that no font here can draw is an error, or its number where the job allows it."""
    facts = json.dumps(job['facts'], ensure_ascii=False)
    while True:
        try:
            return typeset(str(job['template']), facts)
        except typst.TypstError as error:
            drawn = facts if job['all_letters'] else with_numbers(facts, error.diagnostic)
            if drawn == facts:
                raise
            facts = drawn


def typeset(template: str, facts: str) -> bytes:
    """Return a template filled with facts, which are data and never markup."""
    return typst.compile(
        template, root=str(SERVICES), format='pdf', sys_inputs={'facts': facts}, pdf_standards=['ua-1']
    )


def with_numbers(facts: str, diagnostic: str) -> str:
    """Return facts with numbers such as [U+E000] for the letters that the typesetter names as those without a font.

    It names all of them at once. What is ASCII stays, among it all that JSON is made of.
    """
    for quoted in set(NO_LETTER.findall(diagnostic)):
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), quoted)
        facts = facts.replace(text, ''.join(sign if sign.isascii() else f'[U+{ord(sign):04X}]' for sign in text))
    return facts


if __name__ == '__main__':
    main()
