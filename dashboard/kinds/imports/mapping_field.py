"""A field of an import’s form: which column of the file goes where."""

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from dashboard.kinds.imports.mapping import Pair, parse_pair
from dashboard.words import gettext as _


class MappingField(Field):
    """Pairs of columns in their one spelling; *pairs* are those that can be read."""

    data: list[str]
    pairs: list[Pair]

    def process_data(self, value: Any) -> None:
        """Take earlier pairs: one, or a list."""
        given = [value] if isinstance(value, str) else list(value or ())
        self._take([text for text in given if isinstance(text, str)])

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent; raises ValueError where that is no list of pairs."""
        texts = [text for text in valuelist if isinstance(text, str)]
        self._take(texts)
        if len(self.pairs) < len(valuelist):
            raise ValueError(_("This must be a list of pairs as in 1:name."))

    def _take(self, texts: list[str]) -> None:
        self.pairs = []
        for text in texts:
            try:
                self.pairs.append(parse_pair(text))
            except ValueError:
                continue
        self.data = texts

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError with everything that is wrong with the pairs."""
        if self.process_errors or form.trouble:
            return
        if problems := form.problems_of(self.pairs):
            raise ValidationError(" ".join(problems))
