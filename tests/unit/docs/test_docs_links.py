"""Every link and picture of the documents leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", ROOT / "plugins" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TARGETS = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


def text_of(page: Path) -> str:
    """Return a page without its code, in which brackets mean something else."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)
    return re.sub(r"`[^`\n]*`", "", text)


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Yield what a page links to, as file and anchor; addresses on the network are left out."""
    for pair in TARGETS.findall(text_of(page)):
        target = "".join(pair)
        if "://" not in target:
            file, _, anchor = target.partition("#")
            yield (page.parent / file if file else page), anchor


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_that_every_file_a_page_links_to_is_there(page: Path) -> None:
    assert [str(file) for file, _ in links(page) if not file.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_that_every_heading_a_page_links_to_is_there(page: Path) -> None:
    found = [(file, anchor) for file, anchor in links(page) if anchor and file.suffix == ".md"]
    assert [(file.name, anchor) for file, anchor in found if anchor not in anchors(file)] == []


def test_that_the_index_names_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    named = {file.resolve() for file, _ in links(index)}
    assert set((ROOT / "docs").rglob("*.md")) - named == {index}
