"""Stacks and movies, plane by plane."""

import numpy
import pytest
import tifffile
from annotator import Annotator
from cells import middle, middle_objects, write_sample
from conftest import Server


@pytest.fixture(scope="module")
def nuclei(tmp_path_factory):
    """An image of nuclei and its truth."""
    path = tmp_path_factory.mktemp("nuclei") / "nuclei.tif"
    truth = write_sample(path, 1, 256, 300)
    return tifffile.imread(path), truth


@pytest.fixture
def opened(tmp_path, context):
    """Opens planes as one image in the annotator."""
    servers, pages = [], []

    def open_image(planes, axes, truth=None):
        folder = tmp_path / "planes"
        folder.mkdir()
        tifffile.imwrite(folder / "image.tif", planes, imagej=True, metadata={"axes": axes})
        servers.append(Server(folder))
        pages.append(Annotator(context.new_page(), servers[0].address))
        pages[0].truth = truth
        return pages[0]

    yield open_image
    for server in servers:
        server.stop()
    for page in pages:
        assert page.messages == []


def plane(page):
    return page.ask("() => annotator.document.plane")


def turned(page, **to):
    page.until("(to) => Object.entries(to).every(([a, v]) => annotator.document.plane[a] === v)", f"turning to {to}", to)
    page.until("() => annotator.view.image.isComplete", "the pixels of the plane")


def test_a_stack_is_annotated_slice_by_slice(opened, nuclei):
    image, truth = nuclei
    dark = numpy.full_like(image, image.min())
    page = opened(numpy.stack([dark, image, image, image, dark]), "ZYX", truth)
    y, x = middle(truth, middle_objects(truth)[0])
    turned(page, z=2)
    assert "z 2" in page.text("#readout")
    page.ready()
    page.hover(y, x)
    page.preview()
    page.click(y, x)
    page.predicted()

    # The next slice has nothing in work, and masks before a click; the prompts wait on theirs.
    page.key(".")
    turned(page, z=3)
    assert page.ask("() => annotator.current.isEmpty")
    assert "slice 2" in page.text(".plane-work")
    page.ready()
    page.hover(y + 1, x + 1)
    page.preview()
    page.key(",")
    turned(page, z=2)
    page.predicted()
    page.key("c")
    page.saved()
    [row] = page.objects()
    assert row["z"] == [2, 3] and page.label(y, x) == row["label"]

    # The object goes on in the next slice.
    page.key("v")
    page.click(y, x)
    page.key(".")
    turned(page, z=3)
    assert page.label(y, x) == 0
    page.key("d")
    page.click(y, x)
    page.predicted()
    page.page.get_by_text(f"Continue object {row['label']}").click()
    page.button(f"Add to {row['label']} C").click()
    page.saved()
    [row] = page.objects()
    assert row["z"] == [2, 4] and page.label(y, x) == row["label"]
    page.painted()
    # Rows that left the list stay hidden in it.
    assert "z 2–3" in page.text("#panel-objects .row:not([hidden])")

    # An undo on another slice is shown where it happens, and so is an object of the list.
    page.slider("Slice").fill("0")
    turned(page, z=0)
    page.key("Control+z")
    turned(page, z=3)
    page.saved()
    assert page.label(y, x) == 0 and page.objects()[0]["z"] == [2, 3]
    # By its own method: the notice is there for a few seconds only.
    page.button("Back to slice 0").evaluate("(button) => button.click()")
    turned(page, z=0)
    page.page.locator("#panel-objects .row:not([hidden])").click()
    turned(page, z=2)
    page.reload()
    turned(page, z=2)


def test_an_automatic_result_belongs_to_its_slice(opened, nuclei):
    image, truth = nuclei
    page = opened(numpy.stack([image, image[::-1], image]), "ZYX", truth)
    turned(page, z=1)
    page.key(",")
    turned(page, z=0)
    page.ready()
    page.key("Shift+S")
    page.until("() => annotator.automatic.run !== null && !annotator.automatic.isBusy", "automatic segmentation")
    found = page.ask("() => annotator.automatic.offered.length")
    assert found > 0.6 * truth.max()
    page.key(".")
    turned(page, z=1)
    assert page.ask("() => annotator.automatic.run") is None
    page.key(",")
    turned(page, z=0)
    page.button("Accept all").click()
    page.saved()
    assert len(page.objects()) == found and all(row["z"] == [0, 1] for row in page.objects())
    labels = page.labels()
    assert ((labels > 0) & (truth > 0)).sum() > 0.7 * (truth > 0).sum()
    page.key(".")
    turned(page, z=1)
    assert not page.labels().any()


@pytest.mark.long
def test_a_picture_of_a_stack(opened, tmp_path):
    """An object waits on its slice, and another one is continued."""
    truth = write_sample(tmp_path / "nuclei.tif", 3, 420, 520)
    image = tifffile.imread(tmp_path / "nuclei.tif")
    light = (0.25, 0.45, 0.7, 0.9, 1, 0.9, 0.7, 0.45, 0.25)
    page = opened(numpy.stack([(image * part).astype(image.dtype) for part in light]), "ZYX", truth)
    places = [middle(truth, label) for label in middle_objects(truth, 60)]
    first, second = [(y, x) for y, x in places if y < 300][:2]
    page.ask("() => annotator.settings.change({ brush: 12 })")
    page.key("b")
    page.click(*first)
    page.saved()
    page.key(".")
    page.click(*first)
    page.saved()
    page.key("d")
    page.click(*second)
    page.predicted()
    page.key(".")
    turned(page, z=6)
    page.ask("() => annotator.settings.change({ continues: true })")
    page.click(*first)
    page.predicted()
    assert page.button("Add to 1 C").is_visible()
    height = page.ask("() => document.getElementById('planes').clientHeight")
    page.key("Shift+C")
    assert page.ask("() => document.getElementById('planes').clientHeight") == height
    page.click(*first)
    page.predicted()
    page.picture("stack-dark-1280", tmp_path)


@pytest.mark.by_hand
def test_a_movie_is_played_and_painted(opened, context):
    context.route("**/prepare", lambda route: route.fulfill(status=202, json={"image": 1, "state": "new"}))
    # Each time point is brighter than the one before; the ramp on the left has all intensities.
    movie = numpy.stack([numpy.full((200, 260), 40 * t, numpy.uint8) for t in range(6)])
    movie[:, :, :51] = numpy.arange(51) * 5
    page = opened(movie, "TYX")
    turned(page, t=0)
    assert page.page.get_by_label("Slice", exact=True).count() == 0 or not page.slider("Slice").is_visible()
    page.key(">")
    turned(page, t=1)
    page.key(".")
    turned(page, t=2)
    page.hover(100, 100)
    page.page.keyboard.down("Shift")
    page.page.mouse.wheel(0, 100)
    page.page.keyboard.up("Shift")
    turned(page, t=3)
    before = page.color(60, 200)
    page.key("<")
    turned(page, t=2)
    after = page.color(60, 200)
    assert after[0] < before[0], "the pixels are those of the time point"

    # One object is painted at two time points; what is on its way is not seen at the others.
    page.key("b")
    page.click(100, 100)
    page.key(">")
    turned(page, t=3)
    assert page.label(100, 100) == 0
    page.saved()
    page.click(100, 110)
    page.saved()
    [row] = page.objects()
    assert row["t"] == [2, 4]
    assert page.label(100, 110) == row["label"]
    page.key("<")
    turned(page, t=2)
    assert page.label(100, 100) == row["label"]

    # Playing goes round; a click on the image stops it.
    page.page.get_by_label("Time points per second").select_option("20")
    page.key("Shift+P")
    page.until("() => annotator.document.plane.t === 5", "the end of the movie")
    page.until("() => annotator.document.plane.t === 1", "its beginning")
    page.key("v")
    page.click(20, 20)
    assert not page.ask("() => annotator.player.playing.current")
    stopped = plane(page)
    page.page.wait_for_timeout(400)
    assert plane(page) == stopped
