"""The page as text: whole, sealed, and in an order that can be heard as well as seen."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from lab.report.changes import changes
from lab.report.page import page
from tests.lab.report import sample

_EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"


class Read(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of these names."""
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def full() -> str:
    """The page of the full report, with changes."""
    return page(sample.full(), changes(sample.slower(sample.full(), "aws", 1.5), sample.full()))


def test_no_identifier_is_there_twice_and_every_reference_is_met(full: str) -> None:
    found = Read(full)
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    referred = {str(each["href"])[1:] for each in found.all("a", "use") if str(each.get("href")).startswith("#")}
    referred |= set(re.findall(r"url\(#([^)]+)\)", full))
    referred |= {str(each["aria-labelledby"]) for _, each in found.tags if "aria-labelledby" in each}
    assert referred <= set(ids)


def test_nothing_is_loaded_and_nothing_foreign_can_run(full: str) -> None:
    found = Read(full)
    policy = next(str(each["content"]) for each in found.all("meta") if each.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not found.all("link", "img", "iframe", "object", "embed", "image")
    assert not [attributes for _, attributes in found.tags if {"src", "style"} & attributes.keys()]
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
    assert len(found.all("script")) == len(found.all("style")) == 1


def test_headings_are_in_order_and_tables_and_plots_have_names(full: str) -> None:
    found = Read(full)
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    captions = re.findall(r"<caption[^>]*>(.*?)</caption>", full, re.DOTALL)
    assert len(found.all("table")) == len(captions)
    scrolled = re.findall(r'role="region" aria-labelledby="([^"]+)"', full)
    names = [re.search(rf'id="{each}">(.*?)</caption>', full) for each in scrolled]
    assert len({name[1] for name in names if name}) == len(scrolled), "regions that sound alike"
    assert all(each.get("scope") for each in found.all("th"))
    plots = [each for each in found.all("div") if each.get("role") == "img"]
    assert len(plots) == 17
    assert all(len(str(each["aria-label"])) > 40 for each in plots)
    assert len(found.all("main")) == len(found.all("header")) == len(found.all("nav")) == 1


def test_origin_is_said_at_every_plot_and_table_of_latency(full: str) -> None:
    for figure in re.findall(r"<figure.*?</figure>", full, re.DOTALL):
        assert 'class="origin">emulator<' in figure or 'id="curves"' in figure
    for table in re.findall(r'<table class="quantiles".*?</table>', full, re.DOTALL):
        assert table.count('class="origin">emulator<') == 2


def test_it_is_light(full: str) -> None:
    assert len(full.encode()) < 600_000


def test_what_was_measured_is_text_and_never_markup() -> None:
    report = sample.partial()
    assert report.latency is not None
    names = {"aws": _EVIL, "cloudflare": "cloudflare"}
    latency = replace(
        report.latency,
        targets=tuple(replace(each, name=names[each.name], problems=(_EVIL,)) for each in report.latency.targets),
        cells=tuple(
            replace(each, target=names[each.target], endpoint=_EVIL, level=_EVIL) for each in report.latency.cells
        ),
        cold_starts=tuple(replace(each, target=_EVIL, problem=_EVIL) for each in report.latency.cold_starts),
    )
    found = Read(text := page(replace(report, title=_EVIL, latency=latency)))
    assert len(found.all("script")) == 1
    assert not found.all("img")
    assert "{{ 7 * 7 }}" in text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_only_web_addresses_become_links(address: str) -> None:
    report = sample.full()
    rows = (replace(report.matrix[0], sources=(address,)),)
    text = page(replace(report, latency=None, cost=None, lockin=None, advice=(), matrix=rows))
    assert not [each for each in Read(text).all("a") if not re.match(r"#|https://", str(each["href"]))]
    assert address in text


def test_parts_that_were_not_asked_for_are_not_there() -> None:
    text = page(replace(sample.full(), latency=None, lockin=None, matrix=(), advice=()))
    assert 'id="cost"' in text
    for section in ("latency", "phases", "throughput", "cold-starts", "lock-in", "matrix", "advice", "changes"):
        assert f'id="{section}"' not in text
        assert f'href="#{section}"' not in text


def test_three_targets_stand_beside_one_another() -> None:
    text = page(sample.three())
    for pair in ("cloudflare against aws", "edge against aws", "edge against cloudflare"):
        assert f"{pair}, all loads" in text
    assert "no difference shown between aws and edge" in text
