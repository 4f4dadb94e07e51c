"""The page in a real browser, from a file: complete, silent on the network, and usable by everybody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

VARIANTS = ("full", "three", "partial", "down")
PLOTS = {"full": 17, "three": 19, "partial": 4, "down": 0}
CONTROLS = 'a[href], summary, select, input[type="search"], input[type="checkbox"], [tabindex="0"]'
SCRIPTS = Path(__file__).parent


@dataclass
class Opened:
    """A page, and what it did beside being shown."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """A new page on a desk; complaints and requests fail the test in the end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = Opened(context.new_page())

    def heard(message: ConsoleMessage) -> None:
        found.complaints.append(f"{message.type}: {message.text}")

    def asked(request: Request) -> None:
        found.requests.append(request.url)

    found.page.on("console", heard)
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on("request", asked)
    yield found
    context.close()
    assert not found.complaints
    assert all(address.startswith("file://") and address.endswith("report.html") for address in found.requests)


@pytest.mark.parametrize("variant", VARIANTS)
def test_opens_from_a_file_with_all_plots_and_asks_the_network_for_nothing(
    opened: Opened, pages: dict[str, Path], variant: str
) -> None:
    opened.page.goto(pages[variant].as_uri())
    plots = opened.page.locator(".plot svg")
    assert plots.count() == PLOTS[variant]
    for plot in plots.all():
        box = plot.bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 100
        assert plot.locator("path").count() > 3
    assert len(opened.requests) == 1


@pytest.mark.parametrize(
    ("variant", "width"),
    [("full", 360), ("full", 768), ("full", 1280), ("three", 360), ("partial", 360), ("down", 360)],
)
def test_is_never_wider_than_the_screen(opened: Opened, pages: dict[str, Path], variant: str, width: int) -> None:
    opened.page.set_viewport_size({"width": width, "height": 780})
    opened.page.goto(pages[variant].as_uri())
    opened.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("variant", ["full", "partial"])
def test_all_text_stands_out_from_what_it_is_on(
    opened: Opened, pages: dict[str, Path], variant: str, scheme: Any
) -> None:
    opened.page.emulate_media(color_scheme=scheme)
    opened.page.goto(pages[variant].as_uri())
    opened.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    found = opened.page.evaluate((SCRIPTS / "contrast.js").read_text())
    assert found["texts"] > 50
    assert found["weak"] == []


def test_colours_are_switched_with_the_keyboard_and_stay(opened: Opened, pages: dict[str, Path]) -> None:
    opened.page.emulate_media(color_scheme="light")
    opened.page.goto(pages["full"].as_uri())
    background = "getComputedStyle(document.body).backgroundColor"
    line = "getComputedStyle(document.querySelector('.plot [class^=s][class*=s] , .plot path[class]')).stroke"
    light, drawn = opened.page.evaluate(background), opened.page.evaluate(line)
    opened.page.locator("input[value=auto]").focus()
    opened.page.keyboard.press("ArrowRight")
    assert opened.page.evaluate(background) == light
    opened.page.keyboard.press("ArrowRight")
    dark = opened.page.evaluate(background)
    assert dark != light
    assert opened.page.evaluate(line) != drawn
    opened.page.reload()
    assert opened.page.evaluate(background) == dark
    opened.requests.clear()


def test_the_matrix_is_filtered(opened: Opened, pages: dict[str, Path]) -> None:
    page = opened.page
    page.goto(pages["full"].as_uri())
    rows = page.locator(".matrix tbody tr")
    total = rows.count()
    page.locator("#matrix-search").fill("stream")
    shown = rows.filter(visible=True)
    assert 0 < shown.count() < total
    assert all("stream" in text.lower() for text in shown.all_inner_texts())
    assert page.locator("#matrix-count").inner_text() == f"{shown.count()} of {total} rows"
    page.locator("#matrix-search").fill("")
    page.locator("#matrix-capability").select_option("state")
    assert {row.get_attribute("data-capability") for row in shown.all()} == {"state"}
    before = shown.count()
    page.locator("#matrix-visible").check()
    assert shown.count() < before
    page.locator("#matrix-search").fill("nothing has this word")
    assert shown.count() == 0


def test_sections_are_reached_and_details_opened(opened: Opened, pages: dict[str, Path]) -> None:
    page = opened.page
    page.emulate_media(reduced_motion="reduce")
    page.goto(pages["full"].as_uri())
    for link in page.locator("nav a").all():
        link.click()
        target = page.locator(str(link.get_attribute("href")))
        assert target.evaluate("each => each.getBoundingClientRect().top < innerHeight")
        assert page.locator("nav a[aria-current]").count() == 1
    for details in page.locator("details").all():
        was = details.evaluate("each => each.open")
        details.evaluate("each => { for (let up = each.parentElement; up; up = up.parentElement) up.open = true }")
        details.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert details.evaluate("each => each.open") is not was
        page.keyboard.press("Enter")


def test_the_keyboard_reaches_every_control_and_shows_where_it_is(opened: Opened, pages: dict[str, Path]) -> None:
    page = opened.page
    page.goto(pages["full"].as_uri())
    count = page.evaluate(
        """selector => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility())
           .map((each, index) => (each.dataset.probe = index)).length""",
        CONTROLS,
    )
    reached = set()
    for _ in range(count + 3):
        page.keyboard.press("Tab")
        probe, outline = page.evaluate(
            """() => {
                const at = document.activeElement;
                const framed = at.closest(".theme label") ?? at;
                return [at.dataset.probe ?? at.name ?? "none", getComputedStyle(framed).outlineStyle];
            }"""
        )
        if probe == "none":  # the end of the page: the browser's own controls come next
            break
        assert outline != "none", probe
        reached.add(probe)
    assert reached == {*(str(index) for index in range(count)), "theme"}


def test_paper_is_light_and_shows_what_is_folded_on_the_screen(opened: Opened, pages: dict[str, Path]) -> None:
    page = opened.page
    page.emulate_media(color_scheme="dark")
    page.goto(pages["full"].as_uri())
    page.locator("input[value=dark]").check(force=True)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = false")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav").is_visible()
    assert not page.locator(".theme").is_visible()
    assert page.locator(".plot svg").filter(visible=True).count() == PLOTS["full"]
    assert page.get_by_text("Every line of every bill").is_visible()
    assert page.get_by_text("office hours").is_visible()


def test_is_read_and_coloured_without_scripts(browser: Browser, pages: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["full"].as_uri())
    assert page.locator(".matrix tbody tr").filter(visible=True).count() > 20
    assert not page.locator(".filters").is_visible()
    before = page.screenshot(clip={"x": 0, "y": 0, "width": 5, "height": 5})
    page.locator("input[value=dark]").check(force=True)
    assert page.screenshot(clip={"x": 0, "y": 0, "width": 5, "height": 5}) != before
    context.close()


def test_motion_is_only_for_those_who_want_it(opened: Opened, pages: dict[str, Path]) -> None:
    opened.page.emulate_media(reduced_motion="reduce")
    opened.page.goto(pages["down"].as_uri())
    assert opened.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
