"""An object goes through a stack, and the views across the slices."""

from pathlib import Path

import numpy
import pytest
import tifffile
from annotator import Annotator
from cells import middle, middle_objects, overlap, write_sample
from conftest import Server

# How bright the nuclei are in each slice; none in the first and the last ones.
LIGHT = (0, 0.8, 1, 0.85, 0)
PRESENT = {1, 2, 3}
MIDDLE = 2


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """Nuclei in the slices 1 to 3, and their truth in each of these."""
    path = tmp_path_factory.mktemp("nuclei") / "nuclei.tif"
    truth = write_sample(path, 1, 256, 300)
    image = tifffile.imread(path)
    dark = image.min()
    return numpy.stack([((image - dark) * part + dark).astype(image.dtype) for part in LIGHT]), truth


@pytest.fixture(params=["dark", pytest.param("light", marks=pytest.mark.long)])
def page(request, tmp_path, browser, stack):
    image, truth = stack
    folder = tmp_path / "stack"
    folder.mkdir()
    metadata = {"axes": "ZYX", "spacing": 2, "unit": "um"}
    tifffile.imwrite(folder / "stack.tif", image, imagej=True, resolution=(1, 1), metadata=metadata)
    server = Server(folder)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=request.param)
    annotator = Annotator(context.new_page(), server.address)
    annotator.truth = truth
    annotator.look = request.param
    yield annotator
    context.close()
    server.stop()
    assert annotator.messages == []


def turned(page, z):
    page.until("(z) => annotator.document.plane.z === z", f"turning to {z}", z)
    page.until("() => annotator.view.image.isComplete", "the pixels of the plane")


def slices(page):
    return page.ask("() => annotator.volume.slices")


def ended(page):
    page.until("() => annotator.volume.state === 'done' && !annotator.volume.isRunning", "the end of the volume")


def in_work(page, label):
    """Clicks on a nucleus of the middle slice."""
    y, x = middle(page.truth, label)
    turned(page, MIDDLE)
    page.ready()
    page.click(y, x)
    page.predicted()
    return y, x


def test_an_object_goes_through_the_volume(page, tmp_path):
    label = middle_objects(page.truth)[0]
    y, x = in_work(page, label)
    page.picture(f"volume-before-{page.look}", tmp_path)
    page.key("Shift+S")
    ended(page)
    found = slices(page)
    assert MIDDLE in found and len(found) >= 3 and set(found) <= PRESENT
    assert page.page.locator("#volume").get_by_text(f"{len(found)} slices").is_visible()
    page.picture(f"volume-key-{page.look}", tmp_path)

    # The slices to which the object is limited are one of the options; it begins again with each change.
    bar = page.page.locator("#volume")
    bar.get_by_role("button", name="Options").click()
    page.picture(f"volume-options-{page.look}", tmp_path)
    first = bar.get_by_label("From slice")
    for typed, expected in ((str(MIDDLE), [z for z in found if z >= MIDDLE]), ("", found)):
        first.fill(typed)
        first.press("Enter")
        page.until("(slices) => annotator.volume.slices.join() === slices.join()", "the slices", expected)
        ended(page)
    bar.get_by_role("button", name="Options").click()
    page.ask("() => document.activeElement.blur()")

    # Another slice shows its mask, and a negative point there ends the object.
    page.key(".")
    turned(page, MIDDLE + 1)
    assert page.ask("() => annotator.volume.shownOn(annotator.document.plane) !== null")
    page.picture(f"volume-slice-{page.look}", tmp_path)
    page.click(y, x, button="right")
    page.until("() => annotator.volume.slices.every((z) => z <= 2)", "the end before the negative point")
    ended(page)
    page.key("Control+z")
    page.until("(count) => annotator.volume.slices.length === count", "all slices again", len(found))
    ended(page)

    # The commit is one gesture, undone and done again at once, and it survives a reload.
    page.key("c")
    page.saved()
    assert page.page.locator("#volume").is_hidden() and page.page.locator("#card").is_hidden()
    [row] = page.objects()
    assert row["z"] == [min(found), max(found) + 1]
    assert overlap(page.labels() == row["label"], page.truth == label) > 0.5
    page.key("Control+z")
    page.saved()
    assert page.objects() == [] and not page.labels().any()
    page.key("Control+Shift+z")
    page.saved()
    page.reload()
    page.until("() => annotator.document.objects.all().length === 1", "the object")
    assert page.objects()[0]["z"] == row["z"]
    page.until("() => document.querySelector('.saving').textContent === 'saved'", "saving")


def test_who_stops_keeps_what_has_come(page):
    in_work(page, middle_objects(page.truth)[0])
    page.button("To volume").click()
    page.until("() => annotator.volume.slices.length >= 2", "the first slices")
    page.key("Escape")
    page.until("() => ['stopped', 'none'].includes(annotator.volume.state)", "the stop")
    if page.ask("() => annotator.volume.isActive"):
        page.button("Commit all C").first.click()
        page.saved()
        [row] = page.objects()
        assert row["z"][1] - row["z"][0] >= 2


def test_views_across_the_slices(page, tmp_path):
    label = middle_objects(page.truth)[0]
    y, x = in_work(page, label)
    page.key("Shift+V")
    page.hover(y, x)
    page.until("([y, x]) => annotator.sections.place.y === y && annotator.sections.place.x === x", "following", [y, x])
    loaded = """() => {
        const { running, missing, pieces } = annotator.sections;
        return running === 0 && missing.length === 0 && pieces.size >= 2;
    }"""
    page.until(loaded, "the views")
    # The nucleus is bright in the slices 1 to 3 of the row of the pointer.
    row = page.ask(
        """(x) => {
            const key = [...annotator.sections.pieces.keys()].find((one) => one.startsWith("y/"));
            const { width, height, channels } = annotator.sections.pieces.get(key);
            return Array.from({ length: height }, (_, z) => channels[0][z * width + x]);
        }""",
        x,
    )
    assert len(row) == len(LIGHT) and min(row[1:4]) > max(row[0], row[4])
    page.key("Shift+S")
    ended(page)
    page.picture(f"volume-sections-{page.look}", tmp_path)
    page.key("c")
    page.saved()
    page.until(loaded, "the views")
    page.until(
        """(x) => [...annotator.sections.pieces].some(([key, { width, labels }]) => (
            key.startsWith("y/") && labels[2 * width + x] === annotator.document.objects.all()[0].label))""",
        "the object in the view",
        x,
    )
    page.picture(f"volume-committed-{page.look}", tmp_path)
    # A click into a view turns to the slice, and the key hides both.
    bounds = page.page.locator("#section-y").bounding_box()
    thickness = page.ask("() => 2 * annotator.viewport.scale")
    page.page.mouse.click(bounds["x"] + bounds["width"] / 2, bounds["y"] + bounds["height"] / 2 + thickness)
    page.until("() => annotator.document.plane.z > 2", "turning")
    page.key("Shift+V")
    for axis in ("y", "x"):
        page.page.locator(f"#section-{axis}").wait_for(state="hidden")


def test_surfaces_of_a_stack_are_exported(page):
    turned(page, MIDDLE)
    page.key("b")
    page.ask("() => annotator.settings.change({ brush: 20 })")
    page.click(100, 120)
    page.saved()
    page.button("Export results").click()
    page.page.get_by_label("Surfaces (STL)").check()
    page.page.get_by_label("Surfaces (OBJ)").check()
    page.button("Export").click()
    written = page.page.get_by_text("Written to")
    written.wait_for()
    folder = Path(written.inner_text().removeprefix("Written to ").removesuffix(":"))
    files = [folder / name for name in page.page.locator(".files li").all_inner_texts()]
    [stl] = [path for path in files if "stl" in path.name]
    surfaces = sorted(stl.glob("*.stl")) if stl.is_dir() else [stl]
    [data] = [path.read_bytes() for path in surfaces]
    count = int.from_bytes(data[80:84], "little")
    assert count > 100 and len(data) == 84 + 50 * count
    corners = numpy.frombuffer(data[84:], numpy.dtype([("f", "<f4", 12), ("tag", "<u2")]))["f"][:, 3:].reshape(-1, 3)
    # A disc of one slice, which is 2 um thick, around the click.
    assert numpy.allclose(corners[:, 2].max() - corners[:, 2].min(), 2, atol=0.01)
    assert numpy.allclose(corners[:, :2].mean(0), (120, 100), atol=2)
    [text] = [path.read_text() for path in files if path.suffix == ".obj"]
    assert text.count("\no ") == 1
