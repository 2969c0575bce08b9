"""The public pages: the companies, their documents with a place for every citation, and the languages."""

import re

import pytest

from tests.desk.web import Web

pytestmark = pytest.mark.slow


async def test_every_company_of_the_desk_is_listed(web: Web) -> None:
    """With its chat and its form; the invented one says that it is invented."""
    page = (await web.get("/")).text
    for id in web.desk.operators:
        assert f'href="/o/{id}/chat' in page
        assert f'href="/o/{id}/skjema' in page
    assert page.count("Oppdiktet") == 1


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", "nb-NO,nb;q=0.9", "nb"),
        ("", "no", "nb"),
        ("", "nn-NO", "nn"),
        ("", "en-GB,en;q=0.8", "en"),
        ("", "de", "en"),
        ("", "", "nb"),
        ("?lang=nn", "en", "nn"),
        ("?lang=xx", "en", "en"),
    ],
)
async def test_the_language_is_the_one_asked_for_else_the_browsers(
    web: Web, query: str, header: str, expected: str
) -> None:
    """The page says which it is, and links to the others."""
    answer = await web.get("/" + query, **{"accept-language": header})
    assert f'<html lang="{expected}">' in answer.text
    assert answer.headers["content-language"] == expected
    assert set(re.findall(r'hreflang="(\w+)"', answer.text)) == {"nb", "nn", "en"}


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
async def test_every_public_page_exists_in_every_language(web: Web, lang: str) -> None:
    """No text is missing in any of them."""
    for path in (
        "/",
        "/o/fjordlys",
        "/o/cleverstore",
        "/o/fjordlys/skjema",
        "/o/cleverstore/dokument/register",
    ):
        assert (await web.get(f"{path}?lang={lang}")).status_code == 200


async def test_a_citation_leads_to_its_place(web: Web) -> None:
    """Every passage of every document has exactly one element with its anchor, and so has each heading."""
    documents = web.desk.knowledge["fjordlys"].documents
    assert documents
    for document in documents:
        passage = document.passages[len(document.passages) // 2]
        link = web.desk.links.document("fjordlys", passage.document, passage.anchor)
        page = await web.get(link.removeprefix("http://desk.example").split("#")[0])
        assert page.status_code == 200
        ids = re.findall(r'\bid="([^"]+)"', page.text)
        assert len(ids) == len(set(ids))
        assert {one.anchor for one in document.passages} <= set(ids)
        targets = re.findall(r'href="#([^"]+)"', page.text)
        assert set(targets) <= set(ids)
        assert len(targets) > len(document.sections())


async def test_a_document_in_another_language_says_so(web: Web) -> None:
    """A screen reader switches voice where the text is not in the page's language."""
    english = next(one for one in web.desk.knowledge["fjordlys"].documents if one.lang == "en")
    link = web.desk.links.document("fjordlys", english.title).removeprefix("http://desk.example")
    assert '<article class="stack" lang="en">' in (await web.get(f"{link}?lang=nb")).text


async def test_without_documents_the_register_stands_in(web: Web) -> None:
    """A link to a document that was not handed in shows the register in our words, and says so."""
    title = web.desk.operators["cleverstore"].documents[0].title
    link = web.desk.links.document("cleverstore", title).removeprefix("http://desk.example")
    page = await web.get(f"{link}?lang=nb")
    assert "er ikke lastet inn her" in page.text
    assert all(f'id="{one.id}"' in page.text for one in web.desk.operators["cleverstore"].register)


@pytest.mark.parametrize(
    "path", ["/o/nobody", "/o/fjordlys/dokument/nothing", "/o/nobody/skjema", "/nowhere"]
)
async def test_what_is_not_there_is_a_page_too(web: Web, path: str) -> None:
    """404 in the reader's language, with a way on; a program that wants JSON gets that."""
    page = await web.get(path, **{"accept-language": "nn"})
    assert page.status_code == 404
    assert "Vi finn ikkje sida" in page.text
    assert (await web.get(path, accept="application/json")).json() == {"error": "missing"}
