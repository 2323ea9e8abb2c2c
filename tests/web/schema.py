"""Whether a value fits a schema, as far as the description of the API uses JSON Schema."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
FORMATS: dict[str, Callable[[str], object]] = {
    "uuid": uuid.UUID,
    "date-time": datetime.fromisoformat,
}
KNOWN = {
    *("$ref", "type", "enum", "format", "properties", "required", "additionalProperties"),
    *("items", "minimum", "maximum", "maxLength"),
}


def misfits(value: Any, schema: dict[str, Any], schemas: dict[str, Any], at: str = "") -> list[str]:
    """Give what of *value* does not fit, by its place; keys that the schema does not name do not.

    Raises AssertionError for a part of JSON Schema that is not known here.
    """
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    if "$ref" in schema:
        return misfits(value, schemas[schema["$ref"].rpartition("/")[2]], schemas, at)
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r} is none of the enum"]
    wanted = schema.get("type", list(TYPES))
    names = [wanted] if isinstance(wanted, str) else wanted
    kinds = tuple(kind for name in names for kind in TYPES[name])
    if not isinstance(value, kinds) or (isinstance(value, bool) and "boolean" not in names):
        return [f"{at}: {value!r} is no {wanted}"]
    match value:
        case dict():
            return _of_object(value, schema, schemas, at)
        case list():
            item = schema.get("items", {})
            each = (misfits(one, item, schemas, f"{at}[{n}]") for n, one in enumerate(value))
            return [found for part in each for found in part]
        case str() if "format" in schema:
            try:
                FORMATS[schema["format"]](value)
            except ValueError:
                return [f"{at}: {value!r} is no {schema['format']}"]
        case int() | float():
            low, high = schema.get("minimum", value), schema.get("maximum", value)
            return [] if low <= value <= high else [f"{at}: {value!r} is out of bounds"]
    return []


def _of_object(
    value: dict[str, Any], schema: dict[str, Any], schemas: dict[str, Any], at: str
) -> list[str]:
    properties = schema.get("properties", {})
    found = [f"{at}.{key} is missing" for key in schema.get("required", []) if key not in value]
    if properties and not schema.get("additionalProperties"):
        found += [f"{at}.{key} is not described" for key in value if key not in properties]
    for key, each in value.items():
        found += misfits(each, properties.get(key, {}), schemas, f"{at}.{key}")
    return found
