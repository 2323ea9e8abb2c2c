"""Home: what runs, what is ready, what was done of late, and what can be started."""

import re
from dataclasses import replace
from html import unescape

from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Family, Kind, find
from dashboard.models import Favourite, Job, transaction
from tests.people import Person, csrf_of, words
from tests.web.desk import Desk
from tests.web.statements import statements

CARD = re.compile(r'<article class="card tool" id="tool-([\w-]+)">')
AGAIN = re.compile(r'<li class="again"><a href="([^"]+)"><bdi>([^<]+)</bdi></a>')
RIGHT = {"name": "", "region": "North", "least": "0", "formats": "csv"}
EMPTY = {"period_from": "", "period_until": ""}


def cards(html: str) -> list[str]:
    """Give the names of the kinds in the catalogue, in order."""
    return CARD.findall(html)


def offers(html: str) -> list[tuple[str, str]]:
    """Give address and title of each “Same again”."""
    return [(unescape(url), unescape(title)) for url, title in AGAIN.findall(html)]


def stars(person: Person, kind: str, starred: int = 1, *, part: bool = False) -> str:
    """Press the star of a kind; gives the answer: where it leads, or the *part* of a page."""
    data = {"csrf_token": csrf_of(person.opens("/").text)}
    path = f"/favourites/{kind}?starred={starred}"
    headers = {"HX-Request": "true"} if part else {}
    answer = person.client.post(path, data=data, headers=headers)
    assert answer.status_code == (200 if part else 303), answer.text
    return answer.text if part else answer.location or ""


def starred(app: Flask) -> list[tuple[int, str]]:
    """Give every star in the ledger."""
    with app.app_context():
        return [(one.user_id, one.kind) for one in db.session.scalars(select(Favourite))]


def done(person: Person, desk: Desk, **sent: str) -> str:
    """Start orders by the form and let a worker do it; gives the path of its page."""
    answer = person.sends("/new/orders", start_anyway="1", **{**RIGHT, **sent})
    assert answer.status_code == 303, answer.text
    desk.works()
    return answer.location or ""


def totals(app: Flask) -> Kind:
    """Give a kind to make others of."""
    with app.app_context():
        kind = find("totals")
    assert kind is not None
    return kind


def test_whoever_comes_first_reads_what_goes_where(app: Flask, staff: Person) -> None:
    app.extensions["families"] = app.extensions["families"][:1]
    page = staff.opens("/").text

    for text in ("No jobs running", "Finished files wait here for 7 days.", "Start something"):
        assert text in words(page)
    assert "Same again" not in words(page)
    assert "usually" not in words(page)
    assert 'aria-label="Kinds"' not in page


def test_a_failed_job_stands_first_until_it_is_opened(staff: Person, desk: Desk) -> None:
    failed = desk.failed(staff)
    running = desk.running(staff, "orders", name=None, region="North", least=0.0)

    page = staff.opens("/").text
    assert page.index(f"job-card-{failed}") < page.index(f"job-card-{running}")
    staff.opens(f"/jobs/{failed}")

    assert f"job-card-{failed}" not in staff.opens("/").text


def test_five_jobs_are_shown_and_the_others_are_counted(staff: Person, desk: Desk) -> None:
    for _ in range(7):
        desk.queued(staff)

    page = staff.opens("/").text

    assert page.count('id="job-card-name-') == 5
    assert "2 more" in words(page)
    assert "7 jobs are under way." in words(page)


def test_the_bar_of_a_job_that_waits_does_not_move(staff: Person, desk: Desk) -> None:
    jobs = [desk.waiting(staff), desk.running(staff), desk.queued(staff)]

    page = staff.opens("/").text

    told = [page.split(f'id="job-card-{job}"')[1].split("<progress")[1] for job in jobs]
    still = ['data-state="queued"' in bar.split(">")[0] for bar in told]
    assert still == [True, False, True]


def test_a_card_says_what_its_kind_usually_takes(staff: Person, desk: Desk) -> None:
    desk.succeeded(staff)

    page = staff.opens("/").text
    card = words(page[page.index('id="tool-totals"') :].partition("</article>")[0])

    assert re.search(r"usually [\d.]+ s · 33 bytes$", card), card


def test_the_catalogue_is_narrowed_to_words_and_says_when_nothing_matches(staff: Person) -> None:
    assert cards(staff.opens("/", q="till CUSTOMER").text) == ["orders"]
    nothing = staff.opens("/", q="<b>nowhere").text

    assert cards(nothing) == []
    assert "has “<b>nowhere” in its name" in words(nothing)
    assert "/jobs?q=%3Cb%3Enowhere" in nothing


def test_whoever_looks_for_something_sees_what_is_found_first(staff: Person, desk: Desk) -> None:
    desk.running(staff)
    desk.succeeded(staff)

    page = staff.opens("/", q="customer").text

    assert "1 found" in words(page)
    for hidden in ("Running now", "Ready to download", "Same again"):
        assert hidden not in words(page)


def test_families_are_filters_once_there_are_two(app: Flask, staff: Person) -> None:
    total = totals(app)
    more = Family("lists", "Lists", "L", "list", lambda: {"a-list": replace(total, name="a-list")})
    none = Family("empty", "Nothing here", "N", "list", dict)
    app.extensions["families"] = (*app.extensions["families"], more, none)

    page = staff.opens("/").text

    assert "a-list" in cards(page)
    assert "Nothing here" not in page
    assert cards(staff.opens("/", family="lists").text) == ["a-list"]
    assert "a-list" not in cards(staff.opens("/", family="reports").text)
    assert cards(staff.opens("/", family="nonsense").text) == []
    assert 'value="lists"' in staff.opens("/", family="lists").text


def test_a_favourite_comes_first_for_whom_it_is_one(
    app: Flask, staff: Person, colleague: Person
) -> None:
    before = cards(staff.opens("/").text)
    last = before[-1]

    assert stars(staff, last) == f"/#tool-{last}"

    page = staff.opens("/").text
    assert cards(page) == [last, *before[:-1]]
    assert page.count('aria-pressed="true"') == 1
    assert cards(colleague.opens("/").text) == before
    assert starred(app) == [(staff.id, last)]


def test_a_star_is_pressed_twice_and_taken_away_once(app: Flask, staff: Person) -> None:
    for _ in range(2):
        stars(staff, "totals")
    assert starred(app) == [(staff.id, "totals")]

    stars(staff, "totals", 0)

    assert starred(app) == []


def test_a_page_gets_the_one_card_back(staff: Person) -> None:
    part = stars(staff, "totals", part=True)

    assert cards(part) == ["totals"]
    assert "<html" not in part
    assert 'aria-pressed="true"' in part
    page = staff.opens("/").text
    begin = page.index('<article class="card tool" id="tool-totals"')
    assert page[begin:].partition("</article>")[0] == part.partition("</article>")[0]


def test_only_what_one_may_start_can_be_a_favourite(
    app: Flask, staff: Person, viewer: Person
) -> None:
    token = {"csrf_token": csrf_of(staff.opens("/").text)}
    assert staff.client.post("/favourites/nowhere?starred=1", data=token).status_code == 404
    assert staff.client.post("/favourites/salaries?starred=1", data=token).status_code == 403
    token = {"csrf_token": csrf_of(viewer.opens("/").text)}
    assert viewer.client.post("/favourites/totals?starred=1", data=token).status_code == 403
    assert staff.client.post("/favourites/totals?starred=1").status_code == 400

    assert starred(app) == []
    assert cards(viewer.opens("/").text) == []


def test_same_again_offers_each_of_my_last_choices_once(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    done(staff, desk, name="Åsa & co", **EMPTY)
    done(staff, desk, region="", **EMPTY)
    done(staff, desk, name="Åsa & co", **EMPTY)
    done(colleague, desk, name="theirs", **EMPTY)

    found = offers(staff.opens("/").text)

    assert [title for _, title in found] == ["Orders of Åsa & co", "Orders of everybody"]
    filled = staff.client.get(found[0][0]).text
    assert 'value="Åsa &amp; co"' in filled
    assert "Same again" not in words(staff.opens("/", q="orders").text)


def test_what_has_one_title_is_told_apart_by_what_was_chosen(staff: Person, desk: Desk) -> None:
    for region in ("North", "South"):
        done(staff, desk, region=region)

    for page in (staff.opens("/").text, staff.opens("/new/orders").text):
        assert "Region North · " in words(page)
        assert "Region South · " in words(page)
        assert "Amount of at least" not in words(page).partition("Same again")[2].partition("·")[0]


def test_same_again_rolls_a_named_period_on(staff: Person, desk: Desk) -> None:
    done(staff, desk, period="last-month")
    done(staff, desk, period_from="2026-01-01", period_until="2026-01-31")

    urls = [url for url, _ in offers(staff.opens("/").text)]

    assert "period_from=2026-01-01&period_until=2026-01-31" in urls[0]
    assert "period=last-month" in urls[1]
    assert "period_from" not in urls[1]


def test_a_range_that_was_left_empty_stays_empty_again(staff: Person, desk: Desk) -> None:
    done(staff, desk, **EMPTY)

    ((url, _),) = offers(staff.opens("/").text)
    filled = staff.client.get(url).text

    for field in ("period_from", "period_until"):
        tag = re.search(rf'<input[^>]*name="{field}"[^>]*>', filled)
        assert tag is not None
        assert 'value=""' in tag[0]


def test_what_cannot_be_started_any_more_is_not_offered(
    app: Flask, staff: Person, desk: Desk
) -> None:
    desk.succeeded(staff)
    done(staff, desk, **EMPTY)
    with app.app_context(), transaction() as session:
        for job in session.scalars(select(Job)):
            job.kind = "gone" if job.kind == "totals" else job.kind
            job.params = {**job.params, "least": {"was": "a number"}, "period_from": "soon"}

    assert [title for _, title in offers(staff.opens("/").text)] == ["Orders of everybody"]


def test_home_asks_as_much_for_thirty_kinds_as_for_three(
    app: Flask, staff: Person, desk: Desk
) -> None:
    total = totals(app)
    desk.succeeded(staff)

    def with_kinds(number: int) -> int:
        kinds = {f"k{at}": replace(total, name=f"k{at}") for at in range(number)}
        app.extensions["families"] = (Family("many", "Many", "M", "list", lambda: kinds),)
        app.extensions.pop("usual", None)
        page: list[str] = []
        asked = statements(app, lambda: page.append(staff.opens("/").text))
        assert len(cards(page[0])) == number
        return asked

    assert with_kinds(3) == with_kinds(30)


def test_home_asks_as_much_however_many_jobs_there_are(
    app: Flask, staff: Person, desk: Desk
) -> None:
    asked = []
    for jobs in (1, 5):
        for _ in range(jobs):
            desk.succeeded(staff)
            desk.failed(staff)
            desk.running(staff)
        asked.append(statements(app, lambda: staff.opens("/")))

    assert asked[0] == asked[1]
