"""The presets of a kind, as its start form offers them."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from flask import request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from dashboard.jobs import Kind, presets
from dashboard.models import Preset
from dashboard.web.prefill import address_of

BY_NUMBER: Final = "preset-id"
# Longer ones many a proxy refuses, and gunicorn those of 8,190.
ADDRESS_LIMIT: Final = 4_000  # characters


@dataclass(frozen=True)
class Offered:
    """A preset: *url* fills the form with it, *chosen* says that it has done so just now."""

    id: int
    name: str
    url: str
    owner: str
    is_own: bool
    shared: bool
    chosen: bool
    may_delete: bool


def offered(kind: Kind) -> list[Offered]:
    """Give what the person may use; their own ones come first."""
    return [_offered(preset) for preset in presets.seen(kind.name, current_user)]


def may_delete(preset: Preset) -> bool:
    """Whether it is for the person to delete *preset*: its owner, or an administrator."""
    return bool(preset.owner_id == current_user.id or current_user.is_admin)


def url_of(preset: Preset) -> str:
    """Give the address of the form filled with *preset*: its choices, or if too long its number."""
    number = f"{url_for('launch.form', name=preset.kind)}?{BY_NUMBER}={preset.id}"
    return choices_of(preset) or number


def choices_of(preset: Preset) -> str | None:
    """Give the address of the form with the choices of *preset*, None where it is too long."""
    url = address_of(preset.kind, preset.params, preset.relative)
    return url if len(url) <= ADDRESS_LIMIT else None


def asked_for(kind: Kind) -> "MultiDict[str, str] | None":
    """Give the choices in the address, or those of the preset whose number it names.

    None where there is no such preset any more.
    """
    number = request.args.get(BY_NUMBER)
    if number is None:
        return request.args
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    preset = presets.find(int(number), current_user) if is_number else None
    if preset is None or preset.kind != kind.name:
        return None
    return MultiDict(_pairs(address_of(preset.kind, preset.params, preset.relative)))


def _offered(preset: Preset) -> Offered:
    url = url_of(preset)
    return Offered(
        id=preset.id,
        name=preset.name,
        url=url,
        owner=preset.owner.name,
        is_own=preset.owner_id == current_user.id,
        shared=preset.shared,
        chosen=request.method == "GET" and _pairs(url) == list(request.args.items(multi=True)),
        may_delete=may_delete(preset),
    )


def _pairs(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)
