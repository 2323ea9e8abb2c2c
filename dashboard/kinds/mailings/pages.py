"""The pages of mailings, from the address they come from to what became of each e-mail."""

from typing import Final

from flask import Blueprint

from dashboard.kinds.mailings import unsubscribe_page
from dashboard.kinds.mailings.audience import pages as audience_pages
from dashboard.kinds.mailings.deliverability import pages as deliverability_pages
from dashboard.kinds.mailings.drafts import list_page, pages as draft_pages
from dashboard.kinds.mailings.hooks import page as hook_page
from dashboard.kinds.mailings.letters import pages as letter_pages
from dashboard.kinds.mailings.release import pages as sendoff_pages
from dashboard.kinds.mailings.senders import pages as sender_pages
from dashboard.kinds.mailings.suppressions import pages as suppression_pages
from dashboard.kinds.mailings.watch import pages as watch_pages

PAGES: Final[tuple[Blueprint, ...]] = (
    list_page.bp,
    draft_pages.bp,
    audience_pages.bp,
    deliverability_pages.bp,
    sendoff_pages.bp,
    letter_pages.bp,
    watch_pages.bp,
    sender_pages.bp,
    suppression_pages.bp,
    hook_page.bp,
    unsubscribe_page.bp,
)
