"""A real server on simulated images, and a real Chromium."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from annotator import PATIENCE, Annotator
from cells import PROGRAM, write_sample
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# Without a graphics card, WebGL is computed.
SWITCHES = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


# Who ends the tests ends the servers and the browser with them.
signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_configure(config):
    for line in (
        "long: takes minutes, or shows little that the others do not; not run by .ci/run",
        "by_hand: asks nothing of the model, so it reads no image",
    ):
        config.addinivalue_line("markers", line)


class Server:
    """`usam annotate` on a folder of images."""

    def __init__(self, folder, port=0, options=()):
        self.folder = Path(folder)
        self.port = port
        self.options = list(options)
        self.start()

    def start(self):
        command = [PROGRAM, "annotate", str(self.folder), "--no-browser", *self.options]
        if "USAM_WEB" in os.environ:  # the page of a folder, for those who change it
            command += ["--web", os.environ["USAM_WEB"]]
        if self.port:
            command += ["--port", str(self.port)]
        self.log = (self.folder.parent / f"{self.folder.name}.log").open("a+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.address = self.read_address()
        self.port = int(re.search(r":(\d+)/", self.address)[1])

    def read_address(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            line = self.process.stdout.readline()
            found = re.search(r"http://\S+", line)
            if found:
                return found[0]
            if self.process.poll() is not None:
                break
        self.log.seek(0)
        raise AssertionError(f"the server did not start: {self.log.read()}")

    def kill(self):
        """As a loss of power."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("the server did not end after SIGTERM") from None
        self.log.close()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


def written_series(folder, sizes):
    """Simulated images in a folder, and their truth by name."""
    folder.mkdir(parents=True)
    names = [f"cells-{i + 1}.tif" for i in range(len(sizes))]
    return {
        name: write_sample(folder / name, i + 1, *size) for i, (name, size) in enumerate(zip(names, sizes, strict=True))
    }


@pytest.fixture(scope="session")
def samples(tmp_path_factory):
    """A folder with three small images, and their truth by name."""
    folder = tmp_path_factory.mktemp("samples") / "cells"
    return folder, written_series(folder, [(300, 380), (256, 300), (220, 256)])


@pytest.fixture
def series(tmp_path, samples):
    """Three small images and the server on them."""
    originals, truth = samples
    folder = shutil.copytree(originals, tmp_path / "cells")
    server = Server(folder)
    server.truth = truth
    yield server
    server.stop()


@pytest.fixture
def context(browser):
    made = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark", accept_downloads=False)
    yield made
    made.close()


@pytest.fixture
def page(request, context, series):
    """The annotator on the first image of the series; at the end nothing may have been said on the console."""
    if request.node.get_closest_marker("by_hand"):
        context.route("**/prepare", lambda route: route.fulfill(status=202, json={"image": 1, "state": "new"}))
    annotator = Annotator(context.new_page(), series.address)
    annotator.truth = series.truth["cells-1.tif"]
    yield annotator
    assert annotator.messages == []
