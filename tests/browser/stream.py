"""What the stream brings, without one: a part is put into a page as the page itself would do it."""

from playwright.sync_api import Page

PUT = """async (html) => {
  const { src } = document.querySelector("script[type=module]");
  const { put } = await import(src.replace("main", "morph"));
  put(html);
}"""


def brings(page: Page, html: str) -> None:
    """Let the stream bring *html*, one element with an id."""
    page.evaluate(PUT, html)
