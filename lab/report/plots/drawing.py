"""A matplotlib figure as SVG for the page: no identifier twice, no style of its own, the page's colours, and equal
bytes for equal figures.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

from lab.report.plots.series import VARIABLES

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_SETTINGS: Final = {"svg.fonttype": "none", "svg.hashsalt": "parallax"}
_HEX: Final = re.compile(r"#[0-9a-f]{6}")
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)|^#(.+)$")
_DIGITS: Final = re.compile(r"-?\d+\.\d{2,}")
_NUMBERS: Final = frozenset({"d", "x", "y", "width", "height", "transform", "points"})


def drawing(figure: Figure, prefix: str) -> str:
    """The `<svg>` element, hidden from assistive technology: its text alternative stands in the page. Identifiers begin
    with `prefix`, which must be the page's only one.
    """
    root = _saved(figure)
    _strip(root)
    _rename(root, prefix)
    for element in root.iter():
        _tidy(element)
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    root.attrib.update({"aria-hidden": "true", "focusable": "false"})
    return ET.tostring(root, encoding="unicode")


def with_classes(drawings: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """The same drawings with a class in the place of each style, and the rules of those classes: the page's content
    security policy allows no style but its own sheet.
    """
    classes: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        style = match[1]
        return f'class="{classes.setdefault(style, f"s{len(classes)}")}"'

    drawn = tuple(re.sub(r'style="([^"]*)"', named, each) for each in drawings)
    return drawn, "".join(f".{name}{{{style}}}" for style, name in classes.items())


def _saved(figure: Figure) -> ET.Element:
    buffer = io.StringIO()
    with mpl.rc_context(_SETTINGS):  # type: ignore[arg-type]
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return ET.fromstring(buffer.getvalue())  # noqa: S314 - made in this process


def _strip(root: ET.Element) -> None:
    """Away with metadata, and with the style that would hold for the whole page."""
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style") or _is_empty(child):
                parent.remove(child)


def _is_empty(element: ET.Element) -> bool:
    return element.tag == f"{{{_SVG}}}defs" and all(child.tag == f"{{{_SVG}}}style" for child in element)


def _rename(root: ET.Element, prefix: str) -> None:
    """Keeps the identifiers that something refers to, under short names that begin with `prefix`."""
    used = {
        match[1] or match[2]
        for element in root.iter()
        for value in element.attrib.values()
        for match in _REFERENCE.finditer(value)
    }
    names: dict[str, str] = {}
    for element in root.iter():
        found = element.attrib.pop("id", None)
        if found in used and found is not None:
            element.attrib["id"] = names.setdefault(found, f"{prefix}-{len(names)}")
    for element in root.iter():
        for key, value in element.attrib.items():
            element.attrib[key] = _REFERENCE.sub(lambda match: _renamed(match, names), value)
        if reference := element.attrib.pop(f"{{{_XLINK}}}href", None):
            element.attrib["href"] = reference


def _renamed(match: re.Match[str], names: Mapping[str, str]) -> str:
    return f"url(#{names[match[1]]})" if match[1] else f"#{names[match[2]]}"


def _tidy(element: ET.Element) -> None:
    element.tag = element.tag.removeprefix(f"{{{_SVG}}}")  # in HTML an svg element needs no namespace
    for key, value in element.attrib.items():
        if key in _NUMBERS:
            element.attrib[key] = _DIGITS.sub(lambda match: f"{float(match[0]):.1f}", value.replace("\n", " "))
        elif key == "style":
            element.attrib[key] = _style(value)
    if element.text is not None and not element.text.strip():
        element.text = None
    if element.tail is not None and not element.tail.strip():
        element.tail = None


def _style(style: str) -> str:
    """In the page's colours, and in its type instead of the one that the figure was laid out in."""
    coloured = _HEX.sub(lambda match: VARIABLES.get(match[0], match[0]), style)
    rules = [rule.strip() for rule in coloured.split(";") if rule.strip()]
    return ";".join(_font(rule) for rule in rules)


def _font(rule: str) -> str:
    return "font-family:var(--type)" if rule.startswith("font-family") else rule.replace(": ", ":")
