"""Tracks of a movie: linked, corrected by keys and in the tree, written and read again."""

import numpy
import pytest
import tifffile
from annotator import Annotator
from conftest import Server
from movies import imported, painted, places, select, settled, tracks, turned

pytestmark = pytest.mark.by_hand


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
