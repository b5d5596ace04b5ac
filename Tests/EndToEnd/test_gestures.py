"""What gestures say, pixel by pixel: the exported label image against one that is drawn here."""

import numpy
import tifffile
from cells import middle, middle_objects


def stroke(shape, begin, end, radius):
    """Pixels whose middle is not farther from a line than the radius."""
    ys, xs = numpy.mgrid[: shape[0], : shape[1]]
    (dy, dx), (py, px) = numpy.subtract(end, begin), (ys - begin[0], xs - begin[1])
    length = dy * dy + dx * dx
    along = numpy.clip((py * dy + px * dx) / length, 0, 1) if length else 0
    return (py - along * dy) ** 2 + (px - along * dx) ** 2 <= radius * radius


def whole_pixels(page):
    """Two pixels of the screen for each of the image, so that the pointer reaches the middles of pixels."""
    page.ask("""() => {
        const { viewport } = annotator;
        Object.assign(viewport, { scale: 2, center: { y: viewport.size.y / 2, x: viewport.size.x / 2 } });
        viewport.changed.emit();
    }""")


def draw(page, tool, begin, end, radius):
    """A stroke with nothing selected."""
    page.ask("(brush) => annotator.settings.change({ brush })", radius)
    page.ask("() => annotator.selection.set(new Set())")
    page.key(tool)
    page.click(*begin) if begin == end else page.drag(begin, end)
    page.saved()


def select(page, y, x):
    page.key("v")
    page.click(y, x)


def exported(page):
    """The label image as the program writes it."""
    page.button("Export results").click()
    page.button("Export").click()
    written = page.page.get_by_text("Written to")
    written.wait_for()
    folder = written.inner_text().removeprefix("Written to ").removesuffix(":")
    [name] = [name for name in page.page.locator(".files li").all_inner_texts() if name.endswith(".tif")]
    page.key("Escape")
    return tifffile.imread(name if name.startswith("/") else f"{folder}/{name}")


def test_the_exported_labels_are_what_the_gestures_say(page):
    shape = page.truth.shape
    whole_pixels(page)
    expected = numpy.zeros(shape, numpy.uint32)

    def paint(begin, end, radius, label, where=lambda: expected == 0):
        draw(page, "b", begin, end, radius)
        expected[stroke(shape, begin, end, radius) & where()] = label

    paint((60, 60), (60, 60), 12.5, 1)
    paint((60, 120), (60, 180), 9.5, 2)
    paint((40, 150), (90, 150), 8.5, 3)  # only what object 2 has left free

    draw(page, "e", (60, 44), (60, 76), 3.5)
    expected[stroke(shape, (60, 44), (60, 76), 3.5)] = 0

    page.key("x")
    page.drag((40, 130), (80, 130))
    page.saved()
    left = (expected == 2) & (numpy.arange(shape[1]) < 130)
    expected[:, 130][expected[:, 130] == 2] = 0  # the cut
    expected[left] = 4  # the larger piece keeps its number

    page.key("m")
    page.click(52, 60)
    page.click(88, 150)
    page.saved()
    expected[expected == 3] = 1

    select(page, 60, 180)
    page.key("k")
    page.saved()
    page.ask("() => annotator.settings.change({ rule: 'overwrite' })")
    paint((75, 140), (75, 200), 9.5, 5, lambda: expected != 2)  # what is locked stays
    page.ask("() => annotator.settings.change({ rule: 'keep' })")

    paint((150, 60), (150, 60), 14.5, 6)
    draw(page, "e", (150, 60), (150, 60), 4.5)
    page.key("g")
    page.click(150, 60)
    page.saved()

    select(page, 60, 115)
    page.key("Delete")
    page.saved()
    expected[expected == 4] = 0

    # An object of the model, where nothing is yet.
    page.ready()
    y, x = next(place for label in middle_objects(page.truth) if expected[place := middle(page.truth, label)] == 0)
    page.key("d")
    page.click(y, x)
    page.predicted()
    mask = page.current_mask()
    page.key("c")
    page.saved()
    label = page.label(y, x)
    assert label not in numpy.unique(expected)
    expected[mask & (expected == 0)] = label

    select(page, 150, 60)
    page.page.get_by_label("Number of the object").fill("77")
    page.key("Enter")
    page.saved()
    expected[expected == 6] = 77

    assert (page.labels() == expected).all()
    assert (exported(page) == expected).all()
    page.reload()
    assert (page.labels() == expected).all()
    steps = 0
    while page.ask("() => annotator.document.canUndo()"):
        page.key("Control+z")
        page.saved()
        steps += 1
    assert steps == 14 and not page.labels().any()
    for _ in range(steps):
        page.key("Control+Shift+z")
        page.saved()
    assert (exported(page) == expected).all()
