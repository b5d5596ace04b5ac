"""Pictures for docs/annotate.md, in the states that the text describes; kept only if PICTURES names a folder."""

import numpy
import pytest
from annotator import Annotator
from cells import middle, middle_objects
from conftest import Server, written_series


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "nuclei"
    truth = written_series(folder, [(560, 720), (512, 512), (512, 640), (400, 512), (512, 512)])
    server = Server(folder)
    server.truth = truth["cells-1.tif"]
    yield server
    server.stop()


@pytest.fixture(params=["dark", "light"])
def page(request, browser, place):
    size = {"dark": (1280, 800), "light": (1920, 1080)}[request.param]
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=request.param)
    page = Annotator(context.new_page(), place.address)
    page.scheme = request.param
    yield page
    assert page.messages == []
    context.close()


@pytest.mark.long
def test_pictures(page, place):
    """The way of an annotation, from the preview to the result."""
    page.ready()
    free = [label for label in middle_objects(place.truth, 90) if page.label(*middle(place.truth, label)) == 0]
    y, x = middle(place.truth, free[0])
    page.hover(y, x)
    page.preview()
    page.picture(f"hover-{page.scheme}")
    page.click(y, x)
    page.predicted()
    page.click(y + 20, x + 22, button="right")
    page.predicted()
    page.picture(f"current-{page.scheme}")
    page.key("c")
    page.saved()
    page.key("Shift+S")
    page.until("() => annotator.automatic.run !== null && !annotator.automatic.isBusy", "automatic segmentation")
    page.slider("Centre distance").fill("0.7")
    page.until("() => annotator.automatic.before !== null && !annotator.automatic.isBusy", "the answer of the slider")
    page.ask("() => document.activeElement.blur()")
    page.picture(f"automatic-{page.scheme}")
    page.button("Accept where nothing is").click()
    page.saved()
    page.ask("() => annotator.automatic.clear()")
    page.tab("Objects")
    page.key("v")
    page.click(y, x)
    page.picture(f"objects-{page.scheme}")
    page.tab("History")
    page.page.wait_for_timeout(300)
    page.picture(f"history-{page.scheme}")
    page.key("?")
    page.picture(f"keys-{page.scheme}")
    page.key("Escape")
    assert numpy.count_nonzero(page.labels()) > 0
