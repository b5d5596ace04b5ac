"""Tracks of a movie: linked, corrected by keys and in the tree, written and read again."""

import numpy
import pytest
import tifffile
from annotator import Annotator
from conftest import Server

pytestmark = pytest.mark.by_hand

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


@pytest.fixture
def page(tmp_path, context):
    context.route("**/prepare", lambda route: route.fulfill(status=202, json={"image": 1, "state": "new"}))
    folder = tmp_path / "movie"
    folder.mkdir()
    movie, labels = painted()
    tifffile.imwrite(folder / "movie.tif", movie, imagej=True, metadata={"axes": "TYX"})
    (tmp_path / "movie" / "found").mkdir()
    tifffile.imwrite(folder / "found" / "labels.tif", labels, imagej=True, metadata={"axes": "TYX"})
    server = Server(folder / "movie.tif")
    page = Annotator(context.new_page(), server.address)
    yield page
    server.stop()
    assert page.messages == []


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


def test_a_movie_is_linked_corrected_and_written(page, tmp_path):
    truth = places()
    page.key("Shift+T")
    page.until("() => annotator.tracks.mode.current", "the tracks")
    imported(page, "found/labels.tif")
    assert len(tracks(page)) == sum(len(discs) for discs in truth)
    page.button("Link").click()
    page.until("() => annotator.document.objects.all().length < 12", "the links")
    settled(page)
    linked = tracks(page)
    assert sorted(len(times) for _, times in linked.values()) == [5, 5, 5, 10, 10, 10, 10]
    assert sum(mother is not None for mother, _ in linked.values()) == 2

    # By keys: cut, and connect again; the image's own meaning of the keys waits until the tracks are left.
    y, x = truth[6][3]
    select(page, (6, y, x))
    label = page.label(y, x)
    page.key("b")
    settled(page)
    assert tracks(page)[label] == (None, [0, 1, 2, 3, 4, 5])
    assert page.ask("() => annotator.toolName.current") == "select"
    select(page, (5, *truth[5][3]), (6, *truth[6][3]))
    page.key("a")
    settled(page)
    assert tracks(page) == linked
    page.key("z")
    settled(page)
    assert tracks(page)[label] == (None, [0, 1, 2, 3, 4, 5])
    page.key("r")
    settled(page)
    assert tracks(page) == linked

    # Two that were taken for each other, there and back.
    select(page, (3, *truth[3][1]), (3, *truth[3][4]))
    one, other = page.label(*truth[3][1]), page.label(*truth[3][4])
    page.key("s")
    settled(page)
    assert {page.label(*truth[3][1]), page.label(*truth[3][4])} == {one, other}
    assert page.label(*truth[3][1]) == other or tracks(page) == linked
    page.key("Control+z")
    settled(page)
    page.reload()
    page.key("Shift+T")
    settled(page)
    assert tracks(page) == linked

    # The tree: a click selects and turns, arrow keys go on, and over the division.
    mother = next(parent for parent, _ in linked.values() if parent)
    spot = page.ask(
        """([label, t]) => {
            const canvas = document.querySelector("canvas.tree").getBoundingClientRect();
            const { row } = annotator.tracks.forest.branches.get(label);
            return [canvas.left + 46 + t / 9 * (canvas.width - 60), canvas.top + 18 + (row + 0.5) * 15];
        }""",
        [mother, 3],
    )
    page.page.mouse.click(*spot)
    turned(page, 3)
    assert page.ask("() => annotator.tracks.nodes.current") == [{"t": 3, "label": mother}]
    assert page.ask("() => [...annotator.selection.current]") == [mother]
    for _ in range(2):
        page.key("ArrowRight")
    turned(page, 5)
    assert linked[page.ask("() => annotator.tracks.nodes.current[0].label")][0] == mother
    for theme in ("dark", "light"):
        page.ask("(theme) => annotator.settings.change({ theme })", theme)
        page.picture(f"tracks-{theme}-1280", tmp_path)
    assert page.ask("() => document.querySelector('.track-bar').scrollWidth <= document.querySelector('.track-bar').clientWidth")

    # An object alone looks wrong, and the key finds it.
    select(page, (5, *truth[5][4]))
    page.key("1")
    page.key("b")
    settled(page)
    page.key("0")
    page.slider("Time point").fill("0")
    turned(page, 0)
    page.key("j")
    turned(page, 5)
    page.page.get_by_text("short track").wait_for()
    page.key("Control+z")
    settled(page)
    assert tracks(page) == linked

    page.button("Export or import tracks").click()
    page.button("Export tracks").click()
    page.page.get_by_text("res_track.txt").or_(page.page.get_by_text("tracks.xml")).first.wait_for()
    page.picture("track-files-light-1280", tmp_path)
    page.key("Escape")
    folder = tmp_path / "movie" / "movie-results" / "movie-tracks"
    table = numpy.loadtxt(folder / "ctc" / "res_track.txt", dtype=int)
    assert {row[0]: row[3] or None for row in table.tolist()} == {label: mother for label, (mother, _) in linked.items()}

    # What was written comes back, with its divisions, once import, linking, cut and connection are undone.
    for _ in range(4):
        page.key("Control+z")
    page.until("() => annotator.document.objects.all().length === 0", "an empty movie")
    imported(page, "movie-results/movie-tracks/ctc")
    assert tracks(page) == linked


def test_a_merged_object_is_cut_and_linked_anew(page, tmp_path):
    page.key("Shift+T")
    page.key("?")
    page.page.get_by_text("Tracks, in movies after Shift T").wait_for()
    page.picture("track-keys-dark-1280", tmp_path)
    page.key("Escape")
    imported(page, "found/labels.tif")
    page.button("Link").click()
    page.until("() => annotator.document.objects.all().length < 12", "the links")
    settled(page)
    linked = tracks(page)
    t = 4
    (ya, xa), (yb, xb) = places()[t][1], places()[t][2]
    select(page, (t, ya, xa), (t, yb, xb))
    page.key("m")
    settled(page)
    assert len({page.label(ya, xa), page.label(yb, xb)}) == 1
    merged = page.ask("() => [...annotator.selection.current]")
    assert len(merged) == 1
    page.key("x")
    middle = (ya + yb) / 2
    page.drag((middle, xa - 40), (middle, xb + 40))
    settled(page)
    assert tracks(page) == linked
    assert page.label(ya, xa) != page.label(yb, xb)
    # It was one gesture.
    page.key("z")
    settled(page)
    assert page.label(ya, xa) == page.label(yb, xb)
