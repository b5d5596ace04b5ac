"""A real server on simulated images, and a real Chromium."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
import tifffile
from annotator import Annotator
from cells import simulated_cells
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# Without a graphics card, WebGL is computed.
SWITCHES = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


class Server:
    """`usam annotate` on a folder of images."""

    def __init__(self, folder, port=0, options=()):
        self.folder = Path(folder)
        self.port = port
        self.options = list(options)
        self.start()

    def start(self):
        program = os.environ.get("USAM", str(ROOT / ".build/release/usam"))
        command = [program, "annotate", str(self.folder), "--no-browser", *self.options]
        if "USAM_WEB" in os.environ:  # the page of a folder, for those who change it
            command += ["--web", os.environ["USAM_WEB"]]
        if self.port:
            command += ["--port", str(self.port)]
        self.log = (self.folder.parent / f"{self.folder.name}.log").open("a+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.address = self.read_address()
        self.port = int(re.search(r":(\d+)/", self.address)[1])

    def read_address(self):
        end = time.monotonic() + 60
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
                self.process.wait(20)
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


def written_series(folder, sizes, **options):
    """Simulated images in a folder, and their truth by name."""
    folder.mkdir(parents=True)
    truth = {}
    for i, (height, width, count) in enumerate(sizes):
        image, labels = simulated_cells(i + 1, height, width, count, **options)
        tifffile.imwrite(folder / f"cells-{i + 1}.tif", image)
        truth[f"cells-{i + 1}.tif"] = labels
    return truth


@pytest.fixture
def series(tmp_path):
    """Three small images and the server on them."""
    folder = tmp_path / "cells"
    truth = written_series(folder, [(300, 380, 30), (256, 300, 20), (220, 256, 14)])
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
def page(context, series):
    """The annotator on the first image of the series; at the end nothing may have been said on the console."""
    annotator = Annotator(context.new_page(), series.address)
    annotator.truth = series.truth["cells-1.tif"]
    yield annotator
    assert annotator.messages == []
