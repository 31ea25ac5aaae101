"""Reading a page's form as a browser does, to send it back."""

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"


def filled_in(response) -> dict[str, str]:
    """What a browser would send from the page's largest form, files left out."""
    tree = html5lib.parse(response.text)
    form = max(tree.iter(f"{HTML}form"), key=lambda each: len(list(each.iter())))
    values = {}
    for field in form.iter():
        name = field.get("name")
        if not name or name == "_save" or "__prefix__" in name:
            continue
        if field.tag == f"{HTML}textarea":
            values[name] = (field.text or "").removeprefix("\n")
        elif field.tag == f"{HTML}select":
            chosen = [o for o in field.iter(f"{HTML}option") if o.get("selected") is not None]
            values[name] = chosen[0].get("value", "") if chosen else ""
        elif field.tag == f"{HTML}input" and field.get("type") not in {"file", "submit"}:
            is_box = field.get("type") in {"checkbox", "radio"}
            if not is_box or field.get("checked") is not None:
                values[name] = field.get("value", "")
    return values


def errors_beside(response, label: str) -> list[str]:
    """The messages that stand with the field of this label."""
    tree = html5lib.parse(response.text)
    found = []
    for row in tree.iter(f"{HTML}div"):
        if "form-row" not in (row.get("class") or "").split():
            continue
        labels = ["".join(each.itertext()).strip(" :\n") for each in row.iter(f"{HTML}label")]
        if label in labels:
            found += [
                "".join(message.itertext())
                for errors in row.iter(f"{HTML}ul")
                if "errorlist" in (errors.get("class") or "")
                for message in errors.iter(f"{HTML}li")
            ]
    return found


def errors_of(response) -> list[str]:
    """All messages of the page that say what is wrong."""
    tree = html5lib.parse(response.text)
    return [
        "".join(message.itertext()).strip()
        for each in tree.iter(f"{HTML}ul")
        if "errorlist" in (each.get("class") or "")
        for message in each.iter(f"{HTML}li")
    ]


def typed_into(response, name: str) -> str | None:
    """What stands in a text field of the page; None when it has no such field."""
    tree = html5lib.parse(response.text)
    for field in tree.iter():
        if field.get("name") == name and field.tag == f"{HTML}textarea":
            return (field.text or "").removeprefix("\n")
        if field.get("name") == name and field.get("type") in {"text", "number"}:
            return field.get("value", "")
    return None


def names_of_text_fields(response) -> set[str]:
    tree = html5lib.parse(response.text)
    return {
        field.get("name", "")
        for field in tree.iter()
        if field.tag == f"{HTML}textarea" or field.get("type") in {"text", "number"}
    }


def names_of_hidden_fields(response) -> set[str]:
    tree = html5lib.parse(response.text)
    return {field.get("name", "") for field in tree.iter() if field.get("type") == "hidden"}
