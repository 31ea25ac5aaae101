"""Pictures of every public page of the example, to be looked at beside each other.

    make screenshots                      # into var/screenshots
    make screenshots ARGS="/ /help/"      # of some pages

Each page on a phone and on a desk, light and dark; one page of each sort that has many. The longest
update also as it prints.
"""

import re
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config.demo import BASE_DIR
from tests.chromium import CHROMIUM_ARGUMENTS, chromium
from tests.test_demo import free_port

FOLDER = BASE_DIR / "var" / "screenshots"
SIZES = {390: 844, 1280: 900}
THEMES = ("light", "dark")
PRINTED = "/updates/2026-summer/"
# What a map of the site leaves out.
MORE = (
    *("/search/?q=plan", "/search/?q=qqqq", "/private/", "/nowhere/", "/updates/email/", "/on/"),
    *("/have-your-say/", "/have-your-say/easy-read/", "/have-your-say/receipt/"),
    *("/plan/board/", "/plan/?status=late", "/changes/", "/updates/2024-summer/"),
    *("/updates/2024-autumn/history/", "/updates/2024-autumn/history/1/", "/data/promises/"),
)


def main(asked: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with example() as site, sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        pages = asked or [*addresses(site), *MORE]
        for width, height in SIZES.items():
            for theme in THEMES:
                page = open_page(browser, site, width, height, theme)
                for address in pages:
                    go_to(page, address)
                    picture = FOLDER / f"{name_of(address)}-{width}-{theme}.png"
                    page.screenshot(path=picture, full_page=True)
                page.close()
        print_update(open_page(browser, site, 718, 1000, "light"))
        browser.close()
    print(f"{len(list(FOLDER.iterdir()))} files in {FOLDER}")


@contextmanager
def example() -> Iterator[str]:
    """The address of the example, for as long as it runs; its data is that of `make demo`."""
    port = free_port()
    command = [sys.executable, "-m", "config.demo", "--example", "--port", str(port)]
    with subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True) as process:
        if not any("Ctrl-C" in line for line in iter(process.stdout.readline, "")):
            sys.exit("The example did not start: `make demo ARGS=--example` says why.")
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def open_page(browser: Browser, site: str, width: int, height: int, theme: str) -> Page:
    return browser.new_page(
        base_url=site,
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="reduce",
        locale="en-GB",
    )


def addresses(site: str) -> Iterator[str]:
    """Of the site's own map: all pages that are alone of their sort, and one of each other sort."""
    with urllib.request.urlopen(f"{site}/sitemap-pages.xml") as answer:
        found = re.findall(r"<loc>http://[^/]*([^<]*)", answer.read().decode())
    seen: Counter[str] = Counter()
    for address in found:
        sort = re.sub(r"[^/]+/$", "", address)
        seen[sort] += 1
        if sort == "/" or seen[sort] == 1 or address == PRINTED:
            yield address


def go_to(page: Page, address: str) -> None:
    """With the pictures that a reader would get further down."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('img').forEach(each => each.loading = 'eager')")
    page.wait_for_load_state("networkidle")


def name_of(address: str) -> str:
    return re.sub(r"\W+", "-", address).strip("-")[:60] or "home"


def print_update(page: Page) -> None:
    """As a file, and as the picture of one endless sheet."""
    go_to(page, PRINTED)
    path: Path = FOLDER / f"{name_of(PRINTED)}-printed"
    page.pdf(path=path.with_suffix(".pdf"), format="A4")
    page.emulate_media(media="print")
    page.screenshot(path=path.with_suffix(".png"), full_page=True)


if __name__ == "__main__":
    main(sys.argv[1:])
