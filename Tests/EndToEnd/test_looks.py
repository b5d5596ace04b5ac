"""How images look: many channels, floats, the scale bar."""

import io
import re

import numpy
import pytest
import tifffile
from annotator import Annotator
from cells import write_sample
from conftest import Server
from PIL import Image

HEIGHT, WIDTH, SIDE = 128, 160, 16
CHANNELS = 9
# Micrometers.
PIXEL = 0.25


def square(i):
    """The corner of the square of a channel, where the other channels are dark."""
    return 8 + 40 * (i // 3), 8 + 48 * (i % 3)


def inside(i):
    y, x = square(i)
    return y + SIDE // 2, x + SIDE // 2


@pytest.fixture(scope="module")
def looks(tmp_path_factory):
    """A server on an image of nine channels, one of floats, and one of nuclei."""
    folder = tmp_path_factory.mktemp("looks") / "images"
    folder.mkdir()
    channels = numpy.zeros((CHANNELS, HEIGHT, WIDTH), numpy.uint16)
    for i in range(CHANNELS):
        y, x = square(i)
        channels[i, y : y + SIDE, x : x + SIDE] = 2000
    channels[0, 120:128, :] = 4000
    channels[0, 100, 4:8] = 60000  # too few to matter
    resolution = (1 / PIXEL, 1 / PIXEL)
    tifffile.imwrite(
        folder / "a.tif", channels, imagej=True, resolution=resolution, metadata={"axes": "CYX", "unit": "um"}
    )
    floats = numpy.zeros((HEIGHT, WIDTH), numpy.float32)
    for i, value in enumerate((-0.5, 0.25, 1.0)):
        y, x = square(i)
        floats[y : y + SIDE, x : x + SIDE] = value
    tifffile.imwrite(folder / "b.tif", floats)
    truth = write_sample(folder / "c.tif", 3, 220, 256)
    server = Server(folder)
    server.truth = truth
    yield server
    server.stop()


@pytest.fixture
def page(request, browser, looks):
    """The annotator on one of the images; only that of the nuclei is read by the model."""
    name = request.param
    # Small, because WebGL is computed; but the card has masks to choose from.
    size = {"width": 1280, "height": 800} if name == "c.tif" else {"width": 1000, "height": 640}
    context = browser.new_context(viewport=size, color_scheme="dark")
    if name != "c.tif":
        context.route("**/prepare", lambda route: route.fulfill(status=202, json={"image": 1, "state": "new"}))
    annotator = Annotator(context.new_page(), looks.address)
    annotator.ask("(name) => annotator.open(annotator.images.current.find((image) => image.name === name).id)", name)
    annotator.until("(name) => annotator.document.image.name === name", "the image", name)
    annotator.until("() => annotator.view.image.isComplete", "its pixels")
    annotator.truth = looks.truth
    away(annotator)
    yield annotator
    assert annotator.messages == []
    context.close()


def away(page):
    """Nothing is under the pointer."""
    page.page.mouse.move(995, 630)


def on(name):
    return pytest.mark.parametrize("page", [name], indirect=True)


def color(page, y, x):
    """What is to be seen in the middle of a pixel."""
    page.painted()
    left, top = page.place(y, x)
    shot = page.page.screenshot(clip={"x": int(left), "y": int(top), "width": 1, "height": 1})
    return Image.open(io.BytesIO(shot)).convert("RGB").getpixel((0, 0))


def is_seen(page, place, expected, tolerance=5):
    for _ in range(100):
        seen = color(page, *place)
        if numpy.abs(numpy.subtract(seen, expected)).max() <= tolerance:
            return
        page.page.wait_for_timeout(50)
    raise AssertionError(f"{seen} is to be seen at {place}, not {tuple(expected)}")


def put(field, value):
    """Moves a slider, or chooses a colour."""
    field.evaluate("(field, value) => { field.value = value; field.dispatchEvent(new Event('input')); }", str(value))


def slider_of(page, channel, name):
    return page.page.locator(".channel").nth(channel).get_by_role("slider", name=name)


@on("a.tif")
def test_each_of_many_channels_can_be_seen(page):
    page.tab("View")
    rows = page.page.locator(".channel")
    assert rows.count() == CHANNELS
    is_seen(page, inside(8), (0, 0, 0))
    page.button("channel 8 visible").click()
    page.page.get_by_text("At most 4 channels are shown at once. Hide one of them to see channel 8.").wait_for()
    page.button("channel 0 visible").click()
    page.button("channel 8 visible").click()
    put(rows.nth(8).locator("input[type=color]"), "#ff00ff")
    is_seen(page, inside(8), (255, 0, 255))
    is_seen(page, inside(0), (0, 0, 0))
    assert page.ask("() => annotator.channels.current.filter(({ visible }) => visible).length") == 4


@on("a.tif")
def test_the_scale_bar_says_what_it_is_long(page):
    for _ in range(2):
        length = float(re.fullmatch(r"([\d.]+) µm", page.text("#scalebar span"))[1])
        width = page.page.locator(".scale-line").bounding_box()["width"]
        assert width == pytest.approx(length / PIXEL * page.ask("() => annotator.viewport.scale"), abs=1)
        assert 40 < width <= 121
        page.ask("() => annotator.viewport.zoom(3.7, 300, 300)")
        page.painted()


@on("b.tif")
def test_an_image_of_floats(page):
    page.tab("View")
    low, high = page.ask("() => { const { min, max } = annotator.channels.current[0]; return [min, max]; }")
    assert (low, high) == (-0.5, 1)
    assert page.ask("() => annotator.document.image.dtype") == "float32"
    put(slider_of(page, 0, "Black"), 0)
    put(slider_of(page, 0, "White"), 1)
    for i, expected in enumerate((0, 64, 255)):
        is_seen(page, inside(i), (expected, expected, expected))
    put(slider_of(page, 0, "Black"), -0.5)
    is_seen(page, inside(1), (127, 127, 127))
