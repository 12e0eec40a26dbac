"""Reads the answers of `windtunnel status` with Azure's own libraries, and fails for a key that they do not know.

Each line of standard input is a JSON object: `model` (library and class), `request`, and `body`. What a library leaves out of a
body when it reads it is lost for whoever uses it; every such key is printed, and so is a body that a library rejects.
"""

import importlib
import json
import sys

LIBRARIES = {
    "compute": "azure.mgmt.compute.models",
    "network": "azure.mgmt.network.models",
    "monitor": "azure.mgmt.monitor.models",
    "imagebuilder": "azure.mgmt.imagebuilder.models",
    "standbypool": "azure.mgmt.standbypool.models",
    "trafficmanager": "azure.mgmt.trafficmanager.models",
    "cdn": "azure.mgmt.cdn.models",
}


def is_typed(value):
    """A model of the newer kind, which keeps what it does not know and so has to be asked what it knows."""
    return hasattr(type(value), "_attr_to_rest_field")


def known(value, body, path, lost):
    """Collects the keys of `body` that the typed `value` has no field for; every field is read, which checks its type."""
    if is_typed(value):
        fields = {field._rest_name: name for name, field in type(value)._attr_to_rest_field.items()}
        # Fields that the library shows one level up stand under `properties` all the same.
        for key, inner in body.items():
            if key not in fields:
                lost.append(f"{path}.{key}")
                continue
            known(getattr(value, fields[key]), inner, f"{path}.{key}", lost)
    elif isinstance(value, (list, tuple)) and isinstance(body, list):
        for at, (one, inner) in enumerate(zip(value, body)):
            known(one, inner, f"{path}[{at}]", lost)


def missing(body, again, path, lost):
    """Collects the keys of `body` that are gone when a model of the older kind is written again."""
    if isinstance(body, dict):
        for key, inner in body.items():
            if not isinstance(again, dict) or key not in again:
                lost.append(f"{path}.{key}")
            else:
                missing(inner, again[key], f"{path}.{key}", lost)
    elif isinstance(body, list):
        for at, inner in enumerate(body):
            missing(inner, again[at] if isinstance(again, list) and at < len(again) else None, f"{path}[{at}]", lost)


def without_nulls(body):
    if isinstance(body, dict):
        return {key: without_nulls(value) for key, value in body.items() if value is not None}
    return [without_nulls(value) for value in body] if isinstance(body, list) else body


def check(model, body, lost):
    library, name = model.split(".")
    kind = getattr(importlib.import_module(LIBRARIES[library]), name)
    body = without_nulls(body)
    if hasattr(kind, "from_dict"):
        value = kind.from_dict(body, content_type="application/json")
        missing(body, value.serialize(keep_readonly=True), name, lost)
    else:
        known(kind(body), body, name, lost)


def main():
    wrong, counts = {}, {}
    for line in sys.stdin:
        answer = json.loads(line)
        counts[answer["model"]] = counts.get(answer["model"], 0) + 1
        lost = []
        try:
            check(answer["model"], answer["body"], lost)
        except Exception as error:  # whatever a library rejects a body with
            lost = [f"{answer['model']}: {type(error).__name__}: {error}"]
        for path in lost:
            wrong.setdefault(path, answer["request"])
    for path, request in sorted(wrong.items()):
        print(f"lost or rejected: {path} in {request}")
    print(json.dumps(counts, sort_keys=True))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
