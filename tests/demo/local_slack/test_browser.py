"""Pictures of pages, by a Chromium without a window."""

import asyncio
import shutil
from io import BytesIO

import pytest
from PIL import Image

from demo.local_slack.browser import MARGIN, NAMES, SCALE, Browser, NoPicture

PAGE = "data:text/html,<style>*{margin:0}p{height:40px}</style><p id=one>one<p id=two>two<p id=three>three"


@pytest.fixture(autouse=True)
def chromium():
    if not any(map(shutil.which, NAMES)):
        pytest.skip(
            "no Chromium here: run `make servers` as root first, or install your system's package chromium"
        )


def browsing(talk, **options):
    async def run():
        async with Browser(300, 400, **options) as browser:
            return await talk(browser)

    return asyncio.run(run())


def test_a_picture_shows_what_lies_between_two_elements_and_no_more():
    async def talk(browser):
        await browser.show(PAGE, "#two")
        return await browser.picture("#one", "#two")

    with Image.open(BytesIO(browsing(talk))) as image:
        assert image.size == (300 * SCALE, (80 + MARGIN) * SCALE)


def test_styles_of_ours_count():
    async def talk(browser):
        await browser.show(PAGE, "#two", "#one { display: none }")
        return await browser.evaluate("document.querySelector('#two').getBoundingClientRect().y")

    assert browsing(talk) == 0


def test_what_is_not_there_is_an_error_in_words():
    async def talk(browser):
        await browser.show(PAGE, "#four")

    with pytest.raises(NoPicture, match=r"The page shows no #four after 0\.1 s"):
        browsing(talk, patience_s=0.1)


def test_without_chromium_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(NoPicture, match="apt-get install chromium"):
        browsing(None)
