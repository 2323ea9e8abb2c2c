"""HTML for mail programs: one quiet column, its CSS inside of its elements."""

import re
from functools import cache
from typing import Final

from css_inline import CSSInliner

END: Final = "</div></body></html>"
CSS: Final = """
body { margin: 0; padding: 0; background-color: #f7f7f5; }
.column { max-width: 600px; margin: 0 auto; padding: 24px; background-color: #ffffff;
  color: #1c1c1a; font-family: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif;
  font-size: 16px; line-height: 1.5; overflow-wrap: break-word; }
p, ul, ol, blockquote, pre, table { margin: 0 0 16px; }
h1, h2, h3, h4, h5, h6 { margin: 24px 0 8px; line-height: 1.25; font-weight: 600; }
h1 { font-size: 24px; }
h2 { font-size: 20px; }
h3, h4, h5, h6 { font-size: 16px; }
ul, ol { padding-left: 24px; }
li > ul, li > ol { margin: 0; }
a { color: #2457c5; }
img { max-width: 100%; height: auto; border: 0; }
blockquote { padding: 0 0 0 12px; border-left: 3px solid #e6e5e1; }
pre, code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 14px; }
pre { white-space: pre-wrap; }
table { border-collapse: collapse; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid #e6e5e1; text-align: left;
  vertical-align: top; }
hr { margin: 24px 0; border: 0; border-top: 1px solid #e6e5e1; }
.foot { margin: 32px 0 0; padding: 12px 0 0; border-top: 1px solid #e6e5e1; color: #62615b;
  font-size: 13px; }
.foot p { margin: 0; }
.foot a { color: #62615b; }
@media (prefers-color-scheme: dark) {
  body { background-color: #101113 !important; }
  .column { background-color: #17181b !important; color: #ececea !important; }
  a { color: #85abff !important; }
  .foot, .foot a { color: #a3a5ab !important; }
}
"""
HEAD: Final = (
    '<!DOCTYPE html><html><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"><title></title>'
)


def framed(fragment: str) -> str:
    """Give the whole page around *fragment*, which ends with END."""
    body = f'<body><div class="column">{fragment}{END}'
    return _inliner().inline(f"{HEAD}<style>{CSS}</style></head>{body}")


def foot() -> list[str]:
    """Give the HTML around the why, the address and the words of the link below the column."""
    html = '<div class="foot"><p>|why| <a href="|address|">|words|</a></p></div>'
    return re.split(r"\|\w+\|", _inliner().inline_fragment(html, CSS))


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
