"""The page, in a browser."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture
def page_url(url: str) -> Iterator[str]:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="page")
    server = http.server.ThreadingHTTPServer(("localhost", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/?url={url}"
    server.shutdown()


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on the PATH")
def test_the_page_shows_how_far_a_job_is(page_url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(page_url)
        page.get_by_label("Steps").fill("4")
        page.get_by_role("button", name="Submit").click()

        job = page.get_by_role("listitem")
        expect(job).to_contain_text("done: 4 steps", timeout=30_000)
        assert job.get_by_role("progressbar").evaluate("bar => [bar.value, bar.max]") == [4, 4]
        if "SCREENSHOT" in os.environ:
            page.screenshot(path=os.environ["SCREENSHOT"])
        browser.close()
    assert errors == []
