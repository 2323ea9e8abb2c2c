"""Two people at one job, and a file that goes while it is read."""

import hashlib
import threading

from werkzeug.test import TestResponse

from tests.people import Person, csrf_of, words
from tests.web.desk import Desk

LARGE = b"one line of a large file\n" * 400_000


def cancel_together(people: tuple[Person, ...], job_id: str) -> list[TestResponse]:
    """Let all of them press Cancel at the same moment; gives what each is answered."""
    ready = threading.Barrier(len(people))
    answers: dict[int, TestResponse] = {}
    tokens = {each.id: csrf_of(each.opens(f"/jobs/{job_id}").text) for each in people}

    def press(person: Person) -> None:
        ready.wait()
        data = {"csrf_token": tokens[person.id]}
        answers[person.id] = person.client.post(
            f"/jobs/{job_id}/cancel", data=data, follow_redirects=True
        )

    threads = [threading.Thread(target=press, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[person.id] for person in people]


def test_two_people_cancel_a_waiting_job_at_once_and_both_are_told_the_truth(
    desk: Desk, staff: Person, admin: Person
) -> None:
    for turn in range(5):
        job_id = desk.queued(staff, "orders", name=str(turn))
        for answer in cancel_together((staff, admin), job_id):
            assert answer.status_code == 200
            assert "Cancelled" in words(answer.text)
        assert (
            len([entry for entry in desk.audit("job.cancel") if str(entry.job_id) == job_id]) == 1
        )


def test_two_people_cancel_a_running_job_at_once_and_it_is_asked_to_stop_once(
    desk: Desk, staff: Person, admin: Person
) -> None:
    job_id = desk.running(staff)
    for answer in cancel_together((staff, admin), job_id):
        assert "Stopping" in words(answer.text)
    assert len(desk.audit("job.cancel")) == 1


def test_whoever_cancels_a_job_that_has_ended_meanwhile_is_told_so(
    desk: Desk, staff: Person, admin: Person
) -> None:
    job_id = desk.running(staff)
    token = csrf_of(admin.opens(f"/jobs/{job_id}").text)
    desk.succeeds(job_id)

    data = {"csrf_token": token}
    answer = admin.client.post(f"/jobs/{job_id}/cancel", data=data, follow_redirects=True)

    assert "The job had ended already." in words(answer.text)
    assert "Finished" in words(answer.text)
    assert desk.fact(job_id).state == "succeeded"


def test_a_file_that_is_deleted_while_it_is_downloaded_arrives_whole(
    desk: Desk, staff: Person
) -> None:
    job_id = desk.succeeded(staff)
    desk.holds(job_id, LARGE)
    path = f"/files/{desk.file(job_id)}"

    answer = staff.client.get(path, buffered=False)
    blocks = answer.iter_encoded()
    first = next(blocks)
    assert desk.expires(job_id) == 1
    given = first + b"".join(blocks)
    answer.close()

    assert hashlib.sha256(given).digest() == hashlib.sha256(LARGE).digest()
    assert "Files deleted" in words(staff.opens(f"/jobs/{job_id}").text)
    assert staff.opens(path).status_code == 410
    assert "This file was deleted when its time was over." in words(staff.opens(path).text)


def test_a_download_that_goes_on_after_the_file_was_deleted_is_refused(
    desk: Desk, staff: Person
) -> None:
    job_id = desk.succeeded(staff)
    desk.holds(job_id, LARGE)
    path = f"/files/{desk.file(job_id)}"
    with staff.client.get(path, headers={"Range": "bytes=0-999"}) as part:
        assert part.status_code == 206
    desk.expires(job_id)

    answer = staff.client.get(path, headers={"Range": "bytes=1000-"})

    assert answer.status_code == 410
    assert "You can run the job again." in words(answer.text)
