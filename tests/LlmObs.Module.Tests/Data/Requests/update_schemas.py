#!/usr/bin/env python3
"""Writes requests.json: what the OpenAPI document says of the bodies of requests, as JSON Schema.

    python3 update_schemas.py OPENAPI.yaml

Only facts are taken (names, types, required, enum, limits), no prose. Objects are closed, so that a field that the document does not
have is found; the known ones are listed with their reasons in Bodies.Tests.ps1. Needs PyYAML; the tests do not.
"""
import json
import pathlib
import re
import sys

import yaml

KEPT = ("enum", "minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength", "pattern")
PREFIX = "#/components/schemas/"


def condense(node, needed):
    if "$ref" in node:
        name = node["$ref"].removeprefix(PREFIX)
        needed.add(name)
        ref = {"$ref": f"#/$defs/{name}"}
        return {"anyOf": [ref, {"type": "null"}]} if node.get("nullable") else ref
    out = {key: node[key] for key in KEPT if key in node}
    kind = node.get("type")
    if kind:
        out["type"] = [kind, "null"] if node.get("nullable") else kind
    for key in ("oneOf", "anyOf", "allOf"):
        if key in node:
            out["anyOf" if key == "oneOf" else key] = [condense(one, needed) for one in node[key]] + ([{"type": "null"}] if node.get("nullable") else [])
    if "items" in node:
        out["items"] = condense(node["items"], needed)
    if "required" in node:
        out["required"] = sorted(node["required"])
    if node.get("properties"):
        out["properties"] = {name: condense(one, needed) for name, one in sorted(node["properties"].items())}
        more = node.get("additionalProperties", False)
        out["additionalProperties"] = condense(more, needed) if isinstance(more, dict) else more
    return out


def main(source):
    document = yaml.safe_load(pathlib.Path(source).read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    operations, needed = [], set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            operations.append({
                "method": method.upper(),
                "path": "^" + re.sub(r"\\?\{[^/]+?\\?\}", "[^/]+", re.escape(path)) + "$",
                "body": condense(body["schema"], needed) if body else None,
                "query": sorted(p["name"] for p in operation.get("parameters", []) if p.get("in") == "query"),
            })
    definitions = {}
    while missing := needed - definitions.keys():
        for name in sorted(missing):
            definitions[name] = condense(schemas[name], needed)
    out = {"operations": sorted(operations, key=lambda one: (one["path"], one["method"])), "$defs": dict(sorted(definitions.items()))}
    target = pathlib.Path(__file__).with_name("requests.json")
    target.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
    print(f"{len(operations)} operations, {len(definitions)} definitions -> {target}")


if __name__ == "__main__":
    main(sys.argv[1])
