"""How images and objects look: channels, contrast, colours, the scale bar; candidates, and boxes that are dragged."""

import io
import re

import numpy
import pytest
import tifffile
from annotator import Annotator
from cells import middle, middle_objects, overlap, write_sample
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
def test_contrast_gamma_colour_and_visibility_of_channels(page):
    page.tab("View")
    rows = page.page.locator(".channel")
    for i, chosen in enumerate(["#ffffff", "#00ff00"]):
        put(rows.nth(i).locator("input[type=color]"), chosen)
    put(slider_of(page, 0, "Black"), 0)
    put(slider_of(page, 0, "White"), 4000)
    at = page.ask("() => { const { low, high } = annotator.channels.current[0]; return [low, high]; }")
    grey = round(255 * (2000 - at[0]) / (at[1] - at[0]))
    is_seen(page, inside(0), (grey, grey, grey))
    is_seen(page, inside(1), (0, 255, 0))
    put(slider_of(page, 0, "Gamma"), 2)
    lighter = round(255 * ((2000 - at[0]) / (at[1] - at[0])) ** 0.5)
    is_seen(page, inside(0), (lighter, lighter, lighter))
    put(slider_of(page, 0, "Gamma"), 1)
    put(slider_of(page, 0, "White"), 60000)
    assert max(color(page, *inside(0))) < 12

    # Automatic contrast leaves the few bright pixels out.
    page.button("Automatic contrast").click()
    low, high = page.ask("() => { const { low, high } = annotator.channels.current[0]; return [low, high]; }")
    assert 0 <= low < 120 and 4000 <= high < 4300
    page.button("channel 1 visible").click()
    is_seen(page, inside(1), (0, 0, 0))
    page.button("Image visible").click()
    is_seen(page, inside(0), (0, 0, 0))


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


@on("b.tif")
def test_fill_outlines_and_palettes_of_objects(page):
    page.ask("() => annotator.settings.change({ brush: 20 })")
    page.key("b")
    page.click(60, 80)
    page.saved()
    page.key("v")
    page.key("Escape")
    away(page)
    page.tab("View")
    page.button("Image visible").click()
    label = page.label(60, 80)
    vivid, safe = page.ask(
        """async (label) => {
            const { objectColor, rgb } = await import("/model/palette.js");
            return ["vivid", "safe"].map((palette) => rgb(objectColor(label, palette)));
        }""",
        label,
    )
    fill = page.page.get_by_role("slider", name="Fill", exact=True)
    middle_of, edge = (60, 80), (60, 60)

    put(fill, 1)
    is_seen(page, middle_of, vivid)
    put(fill, 0.5)
    is_seen(page, middle_of, numpy.divide(vivid, 2))
    put(fill, 0)
    is_seen(page, middle_of, (0, 0, 0))
    left, top = page.place(*edge)
    outline = {"x": int(left) - 6, "y": int(top) - 6, "width": 16, "height": 12}

    def outlined(of):
        page.painted()
        picture = Image.open(io.BytesIO(page.page.screenshot(clip=outline))).convert("RGB")
        return (numpy.abs(numpy.subtract(numpy.asarray(picture), of)).max(axis=2) < 6).any()

    assert outlined(vivid)
    page.page.get_by_role("radio", name="colour-blind safe").click()
    page.until("() => annotator.settings.current.palette === 'safe'", "the palette", seconds=10)
    assert outlined(safe) and not outlined(vivid)
    page.page.get_by_text("Outlines", exact=True).click()
    assert not outlined(safe)
    put(fill, 1)
    is_seen(page, middle_of, safe)
    page.page.get_by_role("radio", name="by class").click()
    is_seen(page, middle_of, (158, 158, 158))
    page.page.get_by_text("Show objects", exact=True).click()
    is_seen(page, middle_of, (0, 0, 0))


@on("c.tif")
def test_candidates_are_clicked_boxes_dragged_and_objects_are_prompts(page):
    page.ready()
    first, second = middle_objects(page.truth)[:2]
    y, x = middle(page.truth, first)
    page.click(y, x)
    page.predicted()
    candidates = page.page.get_by_role("radio", name=re.compile("^Mask . of 3"))
    chosen = page.ask("() => annotator.current.active.chosen")
    other = (chosen + 1) % 3
    candidates.nth(other).click()
    assert page.ask("() => annotator.current.active.chosen") == other
    assert candidates.nth(other).get_attribute("aria-checked") == "true"
    candidates.nth(chosen).click()
    mask = page.current_mask()
    page.button("Commit").click()
    page.saved()
    assert ((page.labels() == page.label(y, x)) == mask).all()

    # A committed object is the prompt of another one.
    page.key("v")
    page.click(y, x)
    page.button("New object from this mask").click()
    page.predicted()
    assert page.ask("() => annotator.current.active.prompts.map(({ type }) => type)") == ["mask"]
    assert page.ask("() => annotator.current.replaces") is None
    assert overlap(page.current_mask(), mask) > 0.5
    page.key("Escape")

    # An edge of a box is dragged, then a corner; the mask follows.
    page.key("Escape")
    page.key("r")
    y, x = middle(page.truth, second)
    page.drag((y - 12, x - 12), (y + 12, x + 12))
    page.predicted()
    before = page.ask("() => annotator.current.active.prompts[0]")
    page.drag((y, x + 12), (y, x + 22))
    page.predicted()
    wider = page.ask("() => annotator.current.active.prompts[0]")
    assert wider["x1"] == pytest.approx(before["x1"] + 10, abs=1.5)
    assert [wider[edge] for edge in ("y0", "x0", "y1")] == [before[edge] for edge in ("y0", "x0", "y1")]
    page.drag((y - 12, x - 12), (y - 22, x - 22))
    page.predicted()
    larger = page.ask("() => annotator.current.active.prompts[0]")
    assert larger["y0"] == pytest.approx(before["y0"] - 10, abs=1.5)
    assert larger["x0"] == pytest.approx(before["x0"] - 10, abs=1.5)
    assert overlap(page.current_mask(), page.truth == second) > 0.5
    page.key("Control+z")
    assert page.ask("() => annotator.current.active.prompts[0]") == wider
