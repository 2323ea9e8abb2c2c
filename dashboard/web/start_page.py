"""The start form of a kind, as a page."""

from collections.abc import Sequence

from flask_login import current_user

from dashboard.jobs import ChoiceForm, Kind, Preview
from dashboard.jobs.fact import Fact
from dashboard.web import lists
from dashboard.web.apart import apart
from dashboard.web.check import Check, before
from dashboard.web.preset_form import PresetForm
from dashboard.web.preset_list import offered
from dashboard.web.template import render


def page(
    kind: Kind,
    choice: ChoiceForm,
    *,
    same: Fact | None = None,
    preview: Preview | None = None,
    ahead: Check | None = None,
    refusal: str | None = None,
    saving: PresetForm | None = None,
    unfit: Sequence[str] = (),
) -> str:
    """Give the page with the choices as they are; launch/form.html says what each part is for.

    *saving* is what a person wanted to save the choices as, where that cannot be; *unfit* are the
    labels of what a link chose and is not there.
    """
    runs = lists.last_runs(current_user, kind.name)
    return render(
        kind.page or "launch/form.html",
        kind=kind,
        form=choice,
        same=same,
        preview=preview,
        ahead=ahead or before(kind, choice),
        refusal=refusal,
        saving=saving,
        unfit=unfit,
        preset_form=saving or PresetForm.sent(),
        presets=offered(kind),
        last_runs=list(zip(runs, apart([(job.title, job.choices) for job in runs]), strict=True)),
    )
