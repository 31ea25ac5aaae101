"""Checks from its public data alone that the past of a “Together We CAN” site was not altered.

    python3 check_the_record.py https://the.site
    python3 check_the_record.py https://the.site --kept 12:9f86d081884c
    python3 check_the_record.py https://the.site --kept "Line 12 of the record: 9f86d081884c"

`--kept`: the number of a line and how its seal begins (8 letters or more), as you wrote them down
earlier: from the feed, a mail, or the page “How you can check it”. It needs Python 3.9 and nothing
else.

Each line of the record has columns, and a digest (SHA-256) of them. One column is the digest of the
line before: so the lines are a chain. Other columns are digests of the line's words, each with a
salt. This program makes all of them anew. It prints each line that does not fit, and ends with 1.
"""

import argparse
import hashlib
import json
import re
import sys
import urllib.request

REDACTED, REMOVED = "redacted", "removed"
KEPT = re.compile(r"(?:line )?([0-9]+)(?: of the record)?: *([0-9a-f]{8,64})[.]?", re.IGNORECASE)


def digest_of_columns(columns):
    """Of JSON with sorted names, without spaces, in UTF-8."""
    text = json.dumps(columns, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_words(words):
    return hashlib.sha256((words["salt"] + words["text"]).encode()).hexdigest()


def check(lines, newest=None, kept=None):
    """Yields (line number, what does not fit), and (line number, "redacted" or "removed").

    `lines`: all of the record, oldest first; `newest`: what the site says is the newest;
    `kept`: (number, beginning of the digest), or None.
    """
    lines = list(lines)
    explained = explanations(lines)
    before, number = "", 0
    for line in lines:
        number += 1
        columns, digest = line["columns"], line["digest"]
        name = int(columns["id"])
        if name != number:
            yield number, "this line is missing"
            number = name
        if columns["previous_digest"] != before:
            yield name, "it does not follow the line before it"
        if digest_of_columns(columns) != digest:
            yield name, "the line was altered"
        yield from check_words(name, line, explained)
        if kept and kept[0] == name and not digest.startswith(kept[1]):
            yield name, "it is not the line that you kept: the past was rewritten"
        before = digest
    if newest and (newest["line"], newest["digest"]) != (number, before):
        yield newest["line"], "the record does not end with the newest line"
    if kept and kept[0] > number:
        yield kept[0], "the line that you kept is not there any more"


def explanations(lines):
    """By page, the last line that says: private details were removed, or the page was."""
    found = {}
    for line in lines:
        columns = line["columns"]
        if columns["event"] in {"redacted", "removed"}:
            found[columns["document_key"], columns["event"]] = int(columns["id"])
    return found


def check_words(name, line, explained):
    columns = line["columns"]
    page = columns["document_key"]
    for what in ("slug", "title", "note", "text"):
        wanted, words = columns[what + "_digest"], line["words"].get(what)
        if words is None:
            if not wanted:
                continue
            if line["is_removed"] and (page, "removed") in explained:
                yield name, REMOVED
            elif explained.get((page, "redacted"), 0) > name:
                yield name, REDACTED
            else:
                yield name, "its " + what + " is missing, and no later line says why"
        elif digest_of_words(words) != wanted:
            yield name, "its " + what + " was altered"
    for what in line["page_differs"]:
        yield name, "the " + what + " of the page is not what was published"


def line_kept(text):
    """“12:9f86d081”, or as our mails print it: the number, and how the seal begins."""
    found = KEPT.fullmatch(text.strip())
    if not found:
        raise argparse.ArgumentTypeError(
            "give the number of the line, a colon and the first 8 letters of its seal or more: "
            "12:9f86d081884c"
        )
    return int(found[1]), found[2].lower()


def fetch(site):
    """All lines of a site's record, page after page; and of the last page what else it says."""
    after, lines = 0, []
    while after is not None:
        url = site.rstrip("/") + "/changes/record.json?after=" + str(after)
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - the reader gives it
            page = json.load(answer)
        lines += page["lines"]
        after = page["next_after"]
    return lines, page["newest"], page["pages_without_a_line"]


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Was the past of this site altered?")
    parser.add_argument("site", help="the address of the site, with https://")
    parser.add_argument(
        "--kept", type=line_kept, metavar="NUMBER:SEAL", help="what you wrote down earlier"
    )
    asked = parser.parse_args(arguments)
    lines, newest, strays = fetch(asked.site)
    by_right, faults = {}, [page + " has no line." for page in strays]
    for name, what in check(lines, newest, asked.kept):
        if what in {REDACTED, REMOVED}:
            by_right[name] = what
        else:
            faults.append("Line " + str(name) + ": " + what + ".")
    for name, what in sorted(by_right.items()):
        print("Line", name, "reads:", what + ". A later line says why.")
    print("\n".join(faults) or "Nothing was altered.", "Lines:", len(lines))
    if newest:
        print("Keep this:", str(newest["line"]) + ":" + newest["digest"])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
