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


@pytest.fixture(params=["dark-1280", "light-1280", "dark-1920", "light-1920"])
def page(request, browser, place):
    scheme, width = request.param.split("-")
    size = {"width": int(width), "height": {"1280": 800, "1920": 1080}[width]}
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = Annotator(context.new_page(), place.address)
    page.look = request.param
    yield page
    assert page.messages == []
    context.close()


@pytest.mark.long
def test_pictures(page, place, tmp_path):
    """The way of an annotation, from the preview to the result."""
    page.ready()
    free = [label for label in middle_objects(place.truth, 90) if page.label(*middle(place.truth, label)) == 0]
    y, x = middle(place.truth, free[0])
    page.hover(y, x)
    page.preview()
    page.picture(f"hover-{page.look}", tmp_path)
    page.click(y, x)
    page.predicted()
    page.click(y + 20, x + 22, button="right")
    page.predicted()
    page.picture(f"current-{page.look}", tmp_path)
    page.key("c")
    page.saved()
    page.key("Shift+S")
    page.until("() => annotator.automatic.run !== null && !annotator.automatic.isBusy", "automatic segmentation")
    page.slider("Smallest object").fill("350")
    page.until("() => annotator.automatic.before !== null && !annotator.automatic.isBusy", "the answer of the slider")
    page.ask("() => document.activeElement.blur()")
    page.picture(f"automatic-{page.look}", tmp_path)
    page.button("Accept non-overlapping").click()
    page.saved()
    page.ask("() => annotator.automatic.clear()")
    page.tab("Objects")
    for name in ("nucleus", "dividing"):
        page.page.get_by_label("New class").fill(name)
        page.key("Enter")
    page.ask("() => document.activeElement.blur()")
    rows = page.objects()[-9:]
    for key, labels in (("1", [row["label"] for row in rows[1:]]), ("2", [rows[3]["label"], rows[6]["label"]])):
        page.ask("(labels) => annotator.selection.set(new Set(labels))", labels)
        page.key(key)
    page.saved()
    page.ask("(label) => annotator.selection.set(new Set([label]))", rows[6]["label"])
    page.key("v")
    page.hover(y, x)
    page.picture(f"objects-{page.look}", tmp_path)
    page.tab("History")
    page.until("() => document.querySelectorAll('#panel-history .row:not([hidden])').length >= 2", "the history")
    page.picture(f"history-{page.look}", tmp_path)
    page.key("?")
    page.picture(f"keys-{page.look}", tmp_path)
    page.key("Escape")
    assert numpy.count_nonzero(page.labels()) > 0
