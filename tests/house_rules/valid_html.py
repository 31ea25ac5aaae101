"""What an HTML checker says beside parsing: of values, of what must be inside what, of references.

A contributor has no Java, which the reference checker needs: docs/soak.md says what that found.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as COMPLAINTS

DAY = r"\d{4}-\d{2}-\d{2}"
CLOCK = r"\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?"
DATETIME = re.compile(rf"{DAY}|{DAY}[T ]{CLOCK}(Z|[+-]\d{{2}}:?\d{{2}})?|\d{{4}}-\d{{2}}|{CLOCK}")
NUMBERS = {"width", "height", "rows", "cols", "maxlength", "colspan", "rowspan"}
SVG = "{http://www.w3.org/2000/svg}"  # there a width may be a share: “100%”
REFER = {"for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list"}
INTERACTIVE = {"a", "button", "input", "select", "textarea", "label", "summary"}
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"div", "dt", "dd"},
    "tr": {"th", "td"},
    "tbody": {"tr"},
    "thead": {"tr"},
    "select": {"option", "optgroup"},
}
ONLY_WORDS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "span", "strong", "button", "a"}
BLOCKS = {"p", "div", "ul", "ol", "dl", "table", "section", "h1", "h2", "h3", "h4", "form"}
NEEDED = {"img": {"alt", "src"}, "a": {"href"}, "html": {"lang"}}
# Django's own script puts this beside a day, for whoever sits in another time zone.
ADDED_LATER = "_timezone_warning_helptext"


def faults(page: bytes) -> Iterator[str]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(page, transport_encoding="utf-8")
    for _, code, details in parser.errors:
        yield f"not HTML: {COMPLAINTS[code] % details}"
    ids = [element.get("id") for element in tree.iter() if element.get("id") is not None]
    yield from (f"id twice: {each}" for each in {i for i in ids if ids.count(i) > 1})
    for element in tree.iter():
        if isinstance(element.tag, str):
            yield from values(element, set(ids))
            yield from places(element)


def values(element: Element, ids: set[str]) -> Iterator[str]:
    for name, value in element.items():
        missing = set(value.split()) - ids if name in REFER else set()
        if any(not each.endswith(ADDED_LATER) for each in missing):
            yield f"{element.tag} refers to nothing: {name}={value}"
        if name in NUMBERS and not element.tag.startswith(SVG) and not value.isdecimal():
            yield f"{element.tag} {name}={value}"
        if name == "datetime" and not DATETIME.fullmatch(value):
            yield f"{element.tag} datetime={value}"
        if name in {"href", "src", "action"} and re.search(r"\s", value):
            yield f"{element.tag} {name} has a space: {value}"
        if name == "id" and (not value or re.search(r"\s", value)):
            yield f"{element.tag} id={value}"
    needed = NEEDED.get(element.tag, set())
    if element.get("data-href-template"):  # the admin gives it an address when a row is chosen
        needed = needed - {"href"}
    for name in needed - set(element.keys()):
        yield f"{element.tag} without {name}"


def places(element: Element) -> Iterator[str]:
    inside = [child.tag for child in element if isinstance(child.tag, str)]
    if element.tag in CHILDREN:
        for tag in set(inside) - CHILDREN[element.tag] - {"script", "template"}:
            yield f"{tag} in {element.tag}"
    if element.tag in {"a", "button"}:
        for other in element.iter():
            if other is not element and other.tag in INTERACTIVE:
                yield f"{other.tag} in {element.tag}"
    if element.tag in ONLY_WORDS:
        yield from (f"{tag} in {element.tag}" for tag in inside if tag in BLOCKS)
    if element.tag == "figure" and "figcaption" in inside[1:-1]:
        yield "a figcaption amid its figure"
    if element.tag == "dl" and inside and not {"dt", "div"} & set(inside):
        yield "a dl without a dt"
