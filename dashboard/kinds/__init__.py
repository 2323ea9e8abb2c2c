"""The families of jobs that this desk can do, and the pages that are theirs alone."""

from flask import Blueprint

from dashboard.jobs.kind import Family
from dashboard.kinds import desk, exports, imports, mailings, reports
from dashboard.kinds.imports import pages as import_pages
from dashboard.kinds.imports.undo import pages as undo_pages
from dashboard.kinds.mailings import pages as mailing_pages

FAMILIES: tuple[Family, ...] = (
    reports.family,
    exports.family,
    imports.family,
    mailings.family,
    desk.family,
)
PAGES: tuple[Blueprint, ...] = (import_pages.bp, undo_pages.bp, *mailing_pages.PAGES)
