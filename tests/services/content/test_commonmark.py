"""Texts come out as CommonMark says. The numbers are those of the examples in its specification, version 0.31.2.

What is written here is our own; each text shows the rule that the example with its number shows.
"""

import pytest

from services.content.markdown import render

pytestmark = pytest.mark.req('C4')

EXAMPLES = {
    1: ('\tpour\twater', '<pre><code>pour\twater\n</code></pre>'),
    4: ('  - soil\n\n\twet', '<ul>\n<li>\n<p>soil</p>\n<p>wet</p>\n</li>\n</ul>'),
    12: (r'\*wet\* \# \_ \`', '<p>*wet* # _ `</p>'),
    42: ('- a `b\n- c` d', '<ul>\n<li>a `b</li>\n<li>c` d</li>\n</ul>'),
    43: ('***\n---\n___', '<hr>\n<hr>\n<hr>'),
    62: ('# one\n### three', '<h1>one</h1>\n<h3>three</h3>'),
    63: ('####### seven', '<p>####### seven</p>'),
    64: ('#5 stays\n\n#soil', '<p>#5 stays</p>\n<p>#soil</p>'),
    80: ('Soil *wet*\n===\n\nSand\n---', '<h1>Soil <em>wet</em></h1>\n<h2>Sand</h2>'),
    107: ('    pour\n      slowly', '<pre><code>pour\n  slowly\n</code></pre>'),
    108: ('  - soil\n\n    wet', '<ul>\n<li>\n<p>soil</p>\n<p>wet</p>\n</li>\n</ul>'),
    119: ('```\na < b\n```', '<pre><code>a &lt; b\n</code></pre>'),
    120: ('~~~\na < b\n~~~', '<pre><code>a &lt; b\n</code></pre>'),
    122: ('```\n~~~\n```', '<pre><code>~~~\n</code></pre>'),
    123: ('~~~\n```\n~~~', '<pre><code>```\n</code></pre>'),
    128: ('> ```\n> wet\n\ndry', '<blockquote>\n<pre><code>wet\n</code></pre>\n</blockquote>\n<p>dry</p>'),
    142: ('```python\nx = 1\n```', '<pre><code>x = 1\n</code></pre>'),
    143: ('~~~~   r echo=FALSE $%@\nx\n~~~~~~', '<pre><code>x\n</code></pre>'),
    145: ('``` wet ```\ndry', '<p><code>wet</code>\ndry</p>'),
    146: ('~~~ c# ``` ~~~\nx\n~~~', '<pre><code>x\n</code></pre>'),
    189: ('<div>\n*as it is*\n</div>', '<div>\n*as it is*\n</div>'),
    192: ('[soil]: /s "Earth"\n\n[soil]', '<p><a href="/s" title="Earth" rel="noopener noreferrer">soil</a></p>'),
    219: ('wet\n\ndry', '<p>wet</p>\n<p>dry</p>'),
    228: ('> # Soil\n> wet\n> dry', '<blockquote>\n<h1>Soil</h1>\n<p>wet\ndry</p>\n</blockquote>'),
    265: ('42. wet', '<ol start="42">\n<li>wet</li>\n</ol>'),
    266: ('1234567890. no list', '<p>1234567890. no list</p>'),
    301: ('- a\n- b\n+ c', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ul>\n<li>c</li>\n</ul>'),
    302: ('1. a\n3) b', '<ol>\n<li>a</li>\n</ol>\n<ol start="3">\n<li>b</li>\n</ol>'),
    303: ('Take\n- soil\n- water', '<p>Take</p>\n<ul>\n<li>soil</li>\n<li>water</li>\n</ul>'),
    304: ('There are\n14.  of them', '<p>There are\n14.  of them</p>'),
    328: ('`wet`', '<p><code>wet</code></p>'),
    335: ('``\nwet\nand  \ndry\n``', '<p><code>wet and   dry</code></p>'),
    350: ('*wet soil*', '<p><em>wet soil</em></p>'),
    356: ('2*x*y', '<p>2<em>x</em>y</p>'),
    360: ('max_speed_', '<p>max_speed_</p>'),
    361: ('1_2_3', '<p>1_2_3</p>'),
    366: ('*wet soil *', '<p>*wet soil *</p>'),
    378: ('**wet soil**', '<p><strong>wet soil</strong></p>'),
    527: ('[wet][w]\n\n[w]: /w', '<p><a href="/w" rel="noopener noreferrer">wet</a></p>'),
    594: (
        '<https://example.org/a_b_c>',
        '<p><a href="https://example.org/a_b_c" rel="noopener noreferrer">https://example.org/a_b_c</a></p>',
    ),
    602: ('<https://example.org/a b>', '<p>&lt;https://example.org/a b&gt;</p>'),
    633: ('wet  \ndry', '<p>wet<br>\ndry</p>'),
    648: ('wet\ndry', '<p>wet\ndry</p>'),
}


@pytest.mark.parametrize('number', EXAMPLES)
def test_an_example_of_the_specification(number: int) -> None:
    text, html = EXAMPLES[number]
    assert render(text).strip() == html


EXTENDED = {
    'table': ('|a|b|\n|-|-:|\n|1|2|', '<td align="right">2</td>'),
    'pipe in a cell': ('|a|\n|-|\n|x\\|y|', '<td>x|y</td>'),
    'struck out': ('~~wet~~', '<p><s>wet</s></p>'),
    'open box': ('- [ ] wet', '<li>☐ wet</li>'),
    'ticked box': ('1. [x] *wet*', '<li>☑ <em>wet</em></li>'),
    'no box': ('- [x]wet', '<li>[x]wet</li>'),
    'footnote': ('wet[^1]\n\n[^1]: soaked', '>[1]</a></sup></p>'),
    'address': ('See https://example.org/a_b_c/d', '<p>See https://example.org/a_b_c/d</p>'),
    'snake case': ('Call do_it_now and __init__x', '<p>Call do_it_now and __init__x</p>'),
    'info string': ('```{r, echo=FALSE}\nx\n```', '<pre><code>x\n</code></pre>'),
    'tab in code': ('```\na\tb\n```', 'a\tb'),
}


@pytest.mark.parametrize('kind', EXTENDED)
def test_what_is_read_beyond_the_specification(kind: str) -> None:
    text, html = EXTENDED[kind]
    assert html in render(text)


def test_a_footnote_leads_there_and_back_and_to_no_other_text() -> None:
    html = render('wet[^1]\n\n[^1]: soaked')
    other = render('dry[^1]\n\n[^1]: arid')

    there, back = [part.split('"')[0] for part in html.split('href="#')[1:]]
    assert f'id="{there}"' in html
    assert f'id="{back}"' in html
    assert f'id="{there}"' not in other


@pytest.mark.parametrize(
    'text',
    [
        '<script>alert(1)</script>',
        '[a](javascript:alert(1))',
        '<a href="javascript:alert(1)" onclick="x()">a</a>',
        '![a](<x" onerror="alert>)',
        '<img src=x onerror=alert(1)>',
        '<style>*{display:none}</style>',
        '<p style="position:fixed">a</p>',
        '<iframe src="/"></iframe>',
        '<form action="/x"><input name="password"></form>',
        '<https://a"onclick="x>',
        '[^<script>]\n\n[^<script>]: <script>x</script>',
    ],
)
def test_what_could_do_something_is_taken_out(text: str) -> None:
    html = render(text).lower()
    for bad in (
        '<script',
        'href="javascript',
        ' onclick="',
        ' onerror="',
        '<style',
        ' style=',
        '<iframe',
        '<form',
        '<input',
    ):
        assert bad not in html.replace('&lt;', '')


def test_an_id_of_a_text_is_never_one_of_the_page() -> None:
    assert 'id="text-main"' in render('<a id="main">x</a>')


@pytest.mark.parametrize(
    ('text', 'html'),
    [
        (
            'Run:\n\n~~~\n# drops\nfor d in x:\n    print(d)\n~~~\n{: .python}',
            '<pre><code># drops\nfor d in x:\n    print(d)\n',
        ),
        ('```c#\nint a;\nint b;\n```', '<pre><code>int a;\nint b;\n</code></pre>'),
        ('```{r, echo=FALSE}\nx <- 1\ny\n```', '<pre><code>x &lt;- 1\ny\n</code></pre>'),
        ('Set max_speed_limit, do_it_now.', '<p>Set max_speed_limit, do_it_now.</p>'),
    ],
)
def test_what_lessons_of_programming_contain(text: str, html: str) -> None:
    assert html in render(text)
