"""The PDF engine's canvas, which here compresses each page as soon as it is drawn."""

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFZCompress
from reportlab.pdfgen.canvas import Canvas


class PageCanvas(Canvas):
    """Left alone, the engine holds every page in full until the end: a dozen KiB each."""

    def showPage(self) -> None:  # noqa: N802  # The engine's own name.
        """End the page and put its compressed form in its place (ISO 32000-1, 7.4.4)."""
        super().showPage()
        page = self._doc.Pages.pages[-1]  # type: ignore[attr-defined]  # Its stubs leave it out.
        # A stream that names its filter is taken as it is.
        named = PDFDictionary({"Filter": PDFArray([PDFName(PDFZCompress.pdfname)])})
        page.Contents = PDFStream(named, PDFZCompress.encode(page.stream))
        page.stream = None
