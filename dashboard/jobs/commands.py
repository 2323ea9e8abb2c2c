"""bin/flask jobs: what is in the ledger, and the story of one job."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.story import find_job, stamp, story
from dashboard.models import Job

jobs = AppGroup("jobs", help="Jobs in the ledger.")


@jobs.command("list")
@click.option("--limit", default=20, help="How many, newest first.")
def list_jobs(limit: int) -> None:
    """List jobs, newest first."""
    for job in db.session.scalars(select(Job).order_by(Job.serial.desc()).limit(limit)):
        click.echo(f"{job.number}\t{job.state}\t{job.title}\t{job.requested_by.email}")


@jobs.command("story")
@click.argument("job_id", metavar="ID")
def tell_story(job_id: str) -> None:
    """Print the whole life of a job, from the click to the file.

    ID is its number (R-4821) or its id, as in the address of its page. Times are UTC.
    """
    job = find_job(job_id)
    if job is None:
        raise click.ClickException(f"There is no job with the number or id {job_id}.")
    click.echo(f"{job.number}  {job.title}  {job.state}  {job.id}")
    for at, text in story(job):
        click.echo(f"{stamp(at)}  {text}")
