"""A checker for the part of JSON Schema 2020-12 that docs/emlc-model.schema.json uses."""

import re

TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}
ANNOTATIONS = {"$schema", "$defs", "title", "description"}


def errors(document, schema):
    """One sentence per violation, empty for a valid document."""
    return list(_check(document, schema, schema, "document"))


def _check(value, schema, root, path):
    for keyword, wanted in schema.items():
        if keyword not in ANNOTATIONS:
            yield from KEYWORDS[keyword](value, wanted, schema, root, path)


def _type(value, wanted, schema, root, path):
    if not any(TYPES[name](value) for name in ([wanted] if isinstance(wanted, str) else wanted)):
        yield "%s: %r is no %s" % (path, value, wanted)


def _required(value, wanted, schema, root, path):
    for key in wanted:
        if isinstance(value, dict) and key not in value:
            yield "%s: no %s" % (path, key)


def _members(value, wanted, schema, root, path):
    """properties, patternProperties and additionalProperties, which depend on one another."""
    properties, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for key, member in value.items() if isinstance(value, dict) else ():
        matching = [properties[key]] if key in properties else []
        matching += [rule for pattern, rule in patterns.items() if re.search(pattern, key)]
        for rule in matching:
            yield from _check(member, rule, root, "%s.%s" % (path, key))
        if not matching and schema.get("additionalProperties", True) is False:
            yield "%s: unknown key %s" % (path, key)


def _items(value, wanted, schema, root, path):
    for index, item in enumerate(value if isinstance(value, list) else ()):
        yield from _check(item, wanted, root, "%s[%d]" % (path, index))


def _bound(holds, sentence):
    def check(value, wanted, schema, root, path):
        if not holds(value, wanted):
            yield "%s: %s %r" % (path, sentence, wanted)

    return check


def _is_number(value):
    return TYPES["number"](value)


def _ref(value, wanted, schema, root, path):
    rule = root
    for part in wanted.lstrip("#/").split("/"):
        rule = rule[part]
    yield from _check(value, rule, root, path)


def _alternatives(accepts):
    def check(value, wanted, schema, root, path):
        problems = [list(_check(value, rule, root, path)) for rule in wanted]
        if not accepts(sum(not problem for problem in problems)):
            yield from min(problems, key=len) or ["%s: fits several alternatives" % path]

    return check


KEYWORDS = {
    "type": _type,
    "const": _bound(lambda value, wanted: value == wanted, "is not"),
    "enum": _bound(lambda value, wanted: value in wanted, "is not one of"),
    "required": _required,
    "properties": _members,
    "patternProperties": lambda value, wanted, schema, root, path: (
        () if "properties" in schema else _members(value, wanted, schema, root, path)),
    "additionalProperties": lambda value, wanted, schema, root, path: (),
    "items": _items,
    "minItems": _bound(lambda value, wanted: not isinstance(value, list) or len(value) >= wanted, "is shorter than"),
    "maxItems": _bound(lambda value, wanted: not isinstance(value, list) or len(value) <= wanted, "is longer than"),
    "minimum": _bound(lambda value, wanted: not _is_number(value) or value >= wanted, "is below"),
    "maximum": _bound(lambda value, wanted: not _is_number(value) or value <= wanted, "is above"),
    "exclusiveMinimum": _bound(lambda value, wanted: not _is_number(value) or value > wanted, "is not above"),
    "pattern": _bound(lambda value, wanted: not isinstance(value, str) or re.search(wanted, value), "does not match"),
    "$ref": _ref,
    "anyOf": _alternatives(lambda n: n >= 1),
    "oneOf": _alternatives(lambda n: n == 1),
}
