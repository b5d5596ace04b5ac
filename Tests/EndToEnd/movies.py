"""A movie of discs whose tracks are known, and what a person does with tracks on the page."""

import numpy

FRAMES, HEIGHT, WIDTH = 10, 240, 320
RADIUS = 11


def places():
    """The middles of discs by frame: y, x. Two cross, one divides at frame 5, the others drift."""
    found = []
    for t in range(FRAMES):
        now = {1: (60, 40 + 9 * t), 2: (92, 121 - 9 * t), 3: (150, 60 + 3 * t), 4: (200, 250 - 4 * t)}
        if t < 5:
            now[5] = (120, 220 + 2 * t)
        else:
            now[6] = (106 - 2 * (t - 5), 232 + 4 * (t - 5))
            now[7] = (134 + 2 * (t - 5), 232 + 4 * (t - 5))
        found.append(now)
    return found


def painted():
    """The movie, and its labels with other numbers in each frame."""
    ys, xs = numpy.mgrid[:HEIGHT, :WIDTH]
    movie = numpy.full((FRAMES, HEIGHT, WIDTH), 300, numpy.uint16)
    labels = numpy.zeros((FRAMES, HEIGHT, WIDTH), numpy.uint16)
    number = 0
    for t, discs in enumerate(places()):
        for name, (y, x) in sorted(discs.items()):
            number += 1
            radius = RADIUS - 3 if name > 5 else RADIUS
            inside = (ys - y) ** 2 + (xs - x) ** 2 < radius**2
            movie[t][inside] = 2200 + 200 * name
            labels[t][inside] = number
    noise = numpy.random.default_rng(1).normal(0, 60, movie.shape)
    return (movie + noise).clip(0, 65535).astype(numpy.uint16), labels


def tracks(page):
    """The time points of each track, with its mother."""
    found = page.ask("() => [...annotator.tracks.tracks.values()]")
    return {track["label"]: (track["parent"], [place[0] for place in track["places"]]) for track in found}


def settled(page):
    page.saved()
    page.until(
        """() => {
            const { rows, isAsking } = annotator.tracks;
            const { confirmed } = annotator.document.objects;
            return !isAsking && rows.size === confirmed.size && [...rows].every(([label, row]) => confirmed.get(label) === row);
        }""",
        "the tracks",
    )


def imported(page, path):
    page.button("Export or import tracks").click()
    page.page.get_by_label("Folder or file to import").fill(path)
    page.button("Import tracks").click()
    page.page.get_by_text("Imported. Undo removes it again.").wait_for()
    page.key("Escape")
    settled(page)


def turned(page, t):
    page.until("(t) => annotator.document.plane.t === t", f"turning to {t}", t)
    page.until("() => annotator.view.image.isComplete", "the pixels")


def select(page, *nodes):
    """Clicks objects with the arrow, each in its time point: (t, y, x)."""
    for number, (t, y, x) in enumerate(nodes):
        page.slider("Time point").fill(str(t))
        turned(page, t)
        page.label(y, x)
        if number:
            page.page.keyboard.down("Shift")
        page.click(y, x)
        page.page.keyboard.up("Shift")
    chosen = [{"t": t, "label": page.ask("([t, y, x]) => annotator.document.labelPlanes.of({ t, z: 0 }).at(y, x)", [t, y, x])} for t, y, x in nodes]
    page.until("(nodes) => JSON.stringify(annotator.tracks.nodes.current) === JSON.stringify(nodes)", "the selection", chosen)
