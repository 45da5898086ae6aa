"""Verdicts as JUnit XML: one suite per module, one case per operator."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from migrate.model.verdicts import Verdict, Verdicts

# XML 1.0 has no way to write these, not even as references.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def verdicts_to_junit(verdicts: Verdicts) -> str:
    root = ElementTree.Element("testsuites", name="migrate test")
    for module in sorted({item.module for item in verdicts.items}):
        items = [item for item in verdicts.items if item.module == module]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=module,
            tests=str(len(items)),
            failures=str(sum(item.verdict == "Different" for item in items)),
            errors=str(sum(item.verdict == "Crashed" for item in items)),
            skipped=str(sum(item.verdict == "NotRun" for item in items)),
        )
        for item in sorted(items, key=lambda item: (item.name, item.id)):
            _case(suite, item)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _case(suite: ElementTree.Element, item: Verdict) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=item.module, name=item.name)
    what = "; ".join(part for part in (item.worst, item.reason) if part) or item.verdict
    message = _NOT_XML.sub("?", what)
    if item.verdict == "Different":
        ElementTree.SubElement(case, "failure", type="Different", message=message)
    elif item.verdict == "Crashed":
        ElementTree.SubElement(case, "error", type="Crashed", message=message)
    elif item.verdict == "NotRun":
        ElementTree.SubElement(case, "skipped", message=message)
    counts = f"{item.verdict}: {item.cases} cases, {item.ran} ran, {item.raised_both} raised on both sides"
    ElementTree.SubElement(case, "system-out").text = counts
