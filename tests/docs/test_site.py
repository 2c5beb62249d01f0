"""The documentation site builds without a warning, needs no network, and shows every page."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"

sys.path.insert(0, str(REPOSITORY / "scripts"))
import architecture_model  # noqa: E402


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    # As `make site` does it.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", "mkdocs.conf"]
    done = subprocess.run(
        [*command, "--site-dir", str(folder)],
        cwd=REPOSITORY,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout + done.stderr == ""
    return folder


def _pages(site: Path) -> Iterator[tuple[Path, str]]:
    for path in site.rglob("*.html"):
        yield path, path.read_text(encoding="utf-8")


def test_make_runs_what_is_tested() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert "-m mkdocs build --strict --quiet --config-file mkdocs.conf" in makefile


def test_every_page_of_the_documentation_is_in_the_site_and_its_navigation(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")
    navigated = {unquote(link) for link in re.findall(r'<a href="([^"#:]+)"[^>]*class="md-nav__link', index)}
    pages = {path.relative_to(DOCS).with_suffix(".html").as_posix() for path in DOCS.rglob("*.md")}
    shown = {page.replace("README.html", "index.html") for page in pages}
    assert {page for page in shown if not (site / page).exists()} == set()
    assert shown - navigated <= {"index.html"}


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    fetched = re.compile(r"<(?:script|img|iframe|source)[^>]+src=\"(https?:[^\"]+)|<link[^>]+href=\"(https?:[^\"]+)")
    for path, text in _pages(site):
        links = [first or second for first, second in fetched.findall(text) if 'rel="canonical"' not in text]
        assert links == [], path
    for path in [*site.rglob("assets/site.css"), *site.rglob("assets/stylesheets/*.css")]:
        assert not re.search(r"url\(\"?https?:|@import", path.read_text(encoding="utf-8")), path


def test_links_lead_to_something(site: Path) -> None:
    """Anchors and files of our own pages; mkdocs looks at Markdown links alone, not at what the hook writes."""
    anchors = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in _pages(site)}
    for path, text in _pages(site):
        if path.name == "404.html":
            continue
        body = text.partition("<article")[2].partition("</article>")[0]
        for link in re.findall(r'<a[^>]+href="([^"]+)"', body):
            parts = urlparse(html.unescape(link))
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), f"{path}: {link}"
            if parts.fragment and target in anchors:
                assert unquote(parts.fragment) in anchors[target], f"{path}: {link}"


def test_architecture_is_drawn_without_a_script(site: Path) -> None:
    page = (site / "architecture" / "index.html").read_text(encoding="utf-8")
    drawings = re.findall(r'<svg class="c4".*?</svg>', page, re.DOTALL)
    views = architecture_model.load().views
    assert len(drawings) == len(views)
    assert "mermaid" not in page.partition("<article")[2].partition("</article>")[0].lower()
    for drawing, view in zip(drawings, views, strict=True):
        words = html.unescape(" ".join(re.findall(r">([^<>]+)</text>", drawing)))
        for element in view.elements:
            assert element.name in words
        for relationship in view.relationships:
            assert relationship.description.replace("`", "") in words
        assert drawing.count("c4-arrow") == len(view.relationships)
        assert drawing.count("<rect") == len(view.elements)
