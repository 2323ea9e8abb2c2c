"""Every screen in every state: one line each, with its name, its path and who looks at it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from playwright.sync_api import Page

from dashboard.showcase.scenes import SCENES
from dashboard.showcase.specials import SPECIALS
from tests.browser.screens import ways

Way = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """A page in one state.

    *path* names jobs and files in braces, as in /jobs/{running}; *who* is nobody, admin (whose are
    the jobs in every state), staff (on an ordinary day), newcomer (staff who never started
    anything) or viewer. *way* leads on from there. A screen with *options*
    of the browser, or one that is left in a state that nobody else wants (*alone*), has a browser
    context of its own. *desk* is full of states, or bare: a ledger with people and nothing else,
    whose web part is all there is. *excused* is what the browser may complain of.
    """

    name: str
    path: str = "/"
    who: str = "admin"
    way: Way | None = None
    desk: str = "full"
    alone: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    excused: tuple[str, ...] = ()


def of_job(name: str) -> Screen:
    """Give the page of the job that is made up as *name*."""
    return Screen(f"job-{name}", f"/jobs/{{{name}}}")


WITHOUT_JS: Final = {"java_script_enabled": False}
REFUSED: Final = ("422",)
LOST: Final = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")

JOBS: Final = (
    *(of_job(name) for name in (*SCENES, *SPECIALS)),
    Screen("job-failed-details", "/jobs/{failed}", way=ways.unfold),
    Screen("job-finished-unfolded", "/jobs/{finished}", way=ways.unfold),
    Screen("job-share", "/jobs/{with-notes}/people"),
    Screen("job-notes", "/jobs/{with-notes}/notes"),
    Screen("job-running-offline", "/jobs/{running}", way=ways.offline, alone=True, excused=LOST),
    Screen(
        "job-running-reconnecting",
        "/jobs/{running}",
        way=ways.reconnecting,
        alone=True,
        excused=LOST,
    ),
    Screen(
        "job-running-signed-out",
        "/jobs/{running}",
        way=ways.signed_out,
        alone=True,
        excused=("401",),
    ),
    Screen("job-running-without-js", "/jobs/{running}", options=WITHOUT_JS),
    Screen("job-finished-without-js", "/jobs/{finished}", options=WITHOUT_JS),
)

FORM: Final = "/new/sales-by-region"
EXPORT: Final = "/new/export-shop-customers"
IMPORT: Final = "/new/check-shop-dealers"
READINGS: Final = "/new/export-shop-readings"
CHOSEN: Final = urlencode(
    {
        "columns": ["name", "city", "customer_since"],
        "where": [
            "city:one-of:Hamburg\nBremen",
            "customer_since:from:2025-01-01",
            "email:not-empty:",
        ],
        "sort": ["city", "-customer_since"],
        "limit": 1000,
        "formats": ["csv", "xlsx"],
    },
    doseq=True,
)
PAGES: Final = (
    Screen("home", who="staff"),
    Screen("home-crowded"),
    Screen("home-first-run", who="newcomer"),
    Screen("home-viewer", who="viewer"),
    Screen("home-search", "/?q=invoices"),
    Screen("home-search-nothing", "/?q=nothing+like+this"),
    Screen("home-family", "/?family=reports"),
    Screen("home-offline", way=ways.offline, alone=True, excused=LOST),
    Screen("home-without-js", options=WITHOUT_JS),
    Screen("keys", way=ways.keys),
    Screen("form", FORM),
    Screen("form-first-time", "/new/slow-products", who="newcomer"),
    Screen("form-error", "/new/best-customers", way=ways.wrong_form, excused=REFUSED),
    Screen("form-unfit-link", f"{FORM}?channel=Fax&period_from=soon"),
    Screen("form-first-rows", FORM, way=ways.first_rows),
    Screen("form-same-under-way", FORM, who="newcomer", way=ways.start),
    Screen("form-list-of-jobs", "/new/job-list"),
    Screen("form-without-js", FORM, options=WITHOUT_JS),
    Screen("export", EXPORT),
    Screen("export-chosen", f"{EXPORT}?{CHOSEN}"),
    Screen("export-gone-column", f"{EXPORT}?columns=name&columns=fax&where=nickname:is:Bo"),
    Screen("export-error", f"{EXPORT}?{CHOSEN}", way=ways.wrong_export, excused=REFUSED),
    Screen("export-presets", "{preset}"),
    Screen("export-save-error", "{preset}", way=ways.wrong_preset, excused=REFUSED),
    Screen("export-many-columns", READINGS),
    Screen("export-columns-found", READINGS, way=ways.find_columns),
    Screen("export-without-js", f"{EXPORT}?{CHOSEN}", options=WITHOUT_JS),
    Screen("export-many-columns-without-js", READINGS, options=WITHOUT_JS),
    Screen("import", IMPORT),
    Screen("import-file", f"{IMPORT}?upload={{sent}}"),
    Screen("import-sheet", f"{IMPORT}?upload={{sent-sheet}}"),
    Screen("import-unreadable", f"{IMPORT}?upload={{sent-picture}}"),
    Screen("import-error", f"{IMPORT}?upload={{sent}}", way=ways.wrong_import, excused=REFUSED),
    Screen("import-without-js", IMPORT, options=WITHOUT_JS),
    Screen("import-file-without-js", f"{IMPORT}?upload={{sent}}", options=WITHOUT_JS),
    Screen("import-checked", "/jobs/{import-mixed}"),
    Screen("import-check", "/imports/{import-mixed}"),
    Screen("import-check-choices", "/imports/{import-mixed}", way=ways.unfold),
    Screen("import-check-new", "/imports/{import-mixed}?show=new"),
    Screen("import-check-changed", "/imports/{import-mixed}?show=changed"),
    Screen("import-check-without-js", "/imports/{import-mixed}", options=WITHOUT_JS),
    Screen("import-check-imported", "/imports/{import-good}"),
    Screen("import-check-broken-off", "/imports/{import-broken}"),
    Screen("import-done", "/jobs/{import-done}"),
    Screen("import-refused", "/jobs/{import-refused}"),
    Screen("import-own-file", "/jobs/{own-file}"),
    Screen("undo", "/imports/{import-good}/undo"),
    Screen("undo-looked", "/jobs/{undo-look}"),
    Screen("undo-look", "/imports/undo/{undo-look}"),
    Screen("undo-look-removed", "/imports/undo/{undo-look}?show=remove"),
    Screen("undo-look-without-js", "/imports/undo/{undo-look}", options=WITHOUT_JS),
    Screen("undo-done", "/jobs/{undone}"),
    Screen("undo-of-check", "/imports/{import-undone}"),
    Screen("history", "/jobs", who="staff"),
    Screen("history-crowded", "/jobs"),
    Screen("history-chosen", "/jobs", way=ways.choose),
    Screen("history-failed", "/jobs?state=failed"),
    Screen("history-search", "/jobs?q=region"),
    Screen("history-no-match", "/jobs?q=nothing+like+this"),
    Screen("history-empty", "/jobs", who="newcomer"),
    Screen("history-without-js", "/jobs", options=WITHOUT_JS),
    Screen("files", "/files", who="staff"),
    Screen("files-crowded", "/files"),
    Screen("files-empty", "/files", who="newcomer"),
    Screen("attention", "/attention"),
    Screen("attention-dismissed", "/attention?state=dismissed"),
    Screen("attention-chosen", "/attention", way=ways.choose),
    Screen("attention-dismiss", "/attention", way=ways.dismiss),
    Screen("attention-none", "/attention", desk="bare"),
    Screen("workers", "/workers"),
    Screen("workers-none", "/workers", desk="bare"),
    Screen("account", "/account"),
    Screen("account-error", "/account", way=ways.wrong_password, excused=REFUSED),
    Screen("people", "/users"),
    Screen("people-error", "/users", way=ways.wrong_person, excused=REFUSED),
    Screen("contacts", "/contacts"),
    Screen("contacts-list", "/contacts/1"),
    Screen("contacts-change-list", "/contacts/1/edit"),
    Screen("contacts-add", "/contacts/1/add"),
    Screen("contacts-none", "/contacts", desk="bare"),
    Screen("contacts-new-list", "/contacts/new"),
    Screen("tables", "/tables"),
    Screen("tables-none-found", "/tables?q=nothing+like+this"),
    Screen("tables-no-source", "/tables", desk="bare"),
    Screen("tables-open", "/tables/open?source=shop&name=invoices"),
    Screen(
        "tables-open-error",
        "/tables/open?source=shop&name=invoices",
        way=ways.wrong_table,
        excused=REFUSED,
    ),
    Screen("tables-close", "/tables/shop-customers/close"),
    Screen("tables-without-js", "/tables", options=WITHOUT_JS),
    Screen("mailings", "/mailings"),
    Screen("mailings-none", "/mailings", desk="bare", who="newcomer"),
    Screen("mail-new", "/mailings/{new-mailing}/edit"),
    Screen("mail-compose", "/mailings/{fair}/edit"),
    Screen("mail-compose-missing", "/mailings/{stand}/edit", way=ways.unfold),
    Screen("mail-compose-conflict", "/mailings/{two}/edit", way=ways.both_write, excused=("409",)),
    Screen("mail-compose-error", "/mailings/{fair}/edit", way=ways.no_title, excused=REFUSED),
    Screen(
        "mail-compose-offline", "/mailings/{fair}/edit", way=ways.offline, alone=True, excused=LOST
    ),
    Screen("mail-compose-without-js", "/mailings/{stand}/edit", options=WITHOUT_JS),
    Screen("letters", "/letters"),
    Screen("letters-none", "/letters", desk="bare", who="newcomer"),
    Screen("letter", "/letters/{letter}", way=ways.unfold),
    Screen("letter-keep", "/mailings/{fair}/letter"),
    Screen("letter-use", "/mailings/{fair}/letter/use"),
    Screen("email", "/new/email"),
    Screen("email-error", "/new/email", way=ways.wrong_email, excused=REFUSED),
    Screen("email-without-js", "/new/email", options=WITHOUT_JS),
    Screen("email-sent", "/jobs/{email}"),
    Screen("mailing-send", "/mailings/{mailing-few}/send"),
    Screen("mailing-send-typed", "/mailings/{mailing-many}/send", way=ways.unfold),
    Screen(
        "mailing-send-error",
        "/mailings/{mailing-many}/send",
        way=ways.wrong_sending,
        excused=REFUSED,
    ),
    Screen("mailing-send-unfit", "/mailings/{mailing-unfit}/send"),
    Screen("mailing-send-without-js", "/mailings/{mailing-many}/send", options=WITHOUT_JS),
    Screen("mailing-asked", "/mailings/{mailing-asked}/send", way=ways.unfold),
    Screen("mailing-asked-own", "/mailings/{mailing-asked}/send", who="staff"),
    Screen("unsubscribe", "/unsubscribe/{link}", who="nobody"),
    Screen("unsubscribed", "/unsubscribe/{link}", who="nobody", way=ways.unsubscribe, alone=True),
    Screen("unsubscribe-without-js", "/unsubscribe/{link}", who="nobody", options=WITHOUT_JS),
    Screen("mailing-sending", "/mailings/{mailing-sending}"),
    Screen("mailing-deferred", "/mailings/{mailing-sending}?show=deferred"),
    Screen(
        "mailing-offline", "/mailings/{mailing-sending}", way=ways.offline, alone=True, excused=LOST
    ),
    Screen("mailing-without-js", "/mailings/{mailing-sending}", options=WITHOUT_JS),
    Screen("mailing-waiting", "/mailings/{mailing-waiting}"),
    Screen("mailing-preparing", "/mailings/{mailing-preparing}"),
    Screen("mailing-paused", "/mailings/{mailing-paused}?show=sent"),
    Screen("mailing-paused-itself", "/mailings/{mailing-paused-itself}"),
    Screen("mailing-finished", "/mailings/{mailing-finished}"),
    Screen("mailing-job", "/jobs/{mailing-job}"),
    Screen("mailing-uncertain", "/mailings/{mailing-finished}?show=uncertain"),
    Screen("mailing-stopped", "/mailings/{mailing-stopped}"),
    Screen("mailing-stop", "/mailings/{mailing-sending}/stop"),
    Screen("mailing-resend", "/mailings/{mailing-finished}/resend"),
    Screen("mailing-person", "/mailings/{mailing-finished}/people/{mailing-person}"),
    Screen("mailing-recipient", "/mailings/recipient?address=guest.620@example.org"),
    Screen("mailing-recipient-none", "/mailings/recipient?address=nobody@example.org"),
    Screen("senders", "/senders"),
    Screen("senders-none", "/senders", desk="bare"),
    Screen("senders-error", "/senders", way=ways.wrong_sender, excused=REFUSED),
    Screen("senders-change", "/senders/1"),
    Screen("senders-retired", "/senders/3"),
    Screen("senders-without-js", "/senders", options=WITHOUT_JS),
    Screen("suppressions", "/suppressions"),
    Screen("suppressions-staff", "/suppressions", who="staff"),
    Screen("suppressions-none", "/suppressions", desk="bare"),
    Screen("suppressions-mailbox-locked", "/suppressions", desk="bare", who="newcomer"),
    Screen("suppressions-search", "/suppressions?q=ines", who="staff"),
    Screen("suppressions-none-found", "/suppressions?q=nobody"),
    Screen("suppressions-add", "/suppressions/add"),
    Screen("suppressions-error", "/suppressions/add", way=ways.wrong_addresses, excused=REFUSED),
    Screen("suppressions-let-off", "/suppressions/let-off?address=ines.okafor@example.org"),
    Screen("suppressions-without-js", "/suppressions", options=WITHOUT_JS),
    Screen("recipients-choose", "/mailings/{no-recipients}/recipients"),
    Screen("recipients-chosen", "/mailings/{no-recipients}/recipients?upload={guests}"),
    Screen("recipients-no-column", "/mailings/{no-recipients}/recipients?upload={towns}"),
    Screen(
        "recipients-chosen-without-js",
        "/mailings/{no-recipients}/recipients?upload={guests}",
        options=WITHOUT_JS,
    ),
    Screen("recipients-unchecked", "/mailings/{unchecked}/recipients"),
    Screen("recipients-checking", "/mailings/{checking}/recipients"),
    Screen("recipients-checked", "/mailings/{checked}/recipients"),
    Screen("recipients-checked-good", "/mailings/{checked}/recipients?show=good"),
    Screen("recipients-checked-without-js", "/mailings/{checked}/recipients", options=WITHOUT_JS),
    Screen("recipients-old-check", "/mailings/{old-check}/recipients"),
    Screen("deliverability-good", "/mailings/{deliverable-good}/deliverability"),
    Screen("deliverability-mixed", "/mailings/{deliverable-mixed}/deliverability"),
    Screen(
        "deliverability-mixed-records",
        "/mailings/{deliverable-mixed}/deliverability",
        way=ways.unfold,
    ),
    Screen("deliverability-silent", "/mailings/{deliverable-silent}/deliverability"),
    Screen("deliverability-other-key", "/mailings/{deliverable-signed}/deliverability"),
    Screen("outbox", "/outbox"),
    Screen("outbox-letter", "/outbox", way=ways.letter),
    Screen("outbox-empty", "/outbox", desk="bare"),
    Screen("error-403", "/users", who="viewer", excused=("403",)),
    Screen("error-404", "/nowhere", excused=("404",)),
    Screen("error-404-nobody", "/nowhere", who="nobody", excused=("404",)),
    Screen("error-410", "/files/{deleted-file}", excused=("410",)),
    Screen("error-500", "/broken", desk="bare", excused=("500",)),
    Screen("sign-in", "/sign-in", who="nobody", alone=True),
    Screen(
        "sign-in-error",
        "/sign-in",
        who="nobody",
        way=ways.wrong_sign_in,
        alone=True,
        excused=REFUSED,
    ),
)


def named(screens: Sequence[Screen]) -> list[str]:
    """Give the names of *screens*, for pytest."""
    return [screen.name for screen in screens]
