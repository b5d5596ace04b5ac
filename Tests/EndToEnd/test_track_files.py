"""Tracks of other programs, movies in several files or slices, and links that were close calls."""

import re

import numpy
import pytest
import tifffile
from annotator import Annotator
from conftest import Server
from movies import HEIGHT, WIDTH, imported, painted, settled, tracks, turned

pytestmark = pytest.mark.by_hand


@pytest.fixture
def shown(tmp_path, context):
    """Opens files in a folder as a movie; says where the page is."""
    context.route("**/prepare", lambda route: route.fulfill(status=202, json={"image": 1, "state": "new"}))
    servers = []
    pages = []

    def show(path, *options):
        servers.append(Server(path, options=options))
        pages.append(Annotator(context.new_page(), servers[-1].address))
        pages[-1].key("Shift+T")
        pages[-1].until("() => annotator.tracks.mode.current", "the tracks")
        return pages[-1]

    yield show
    for server in servers:
        server.stop()
    assert [page.messages for page in pages] == [[] for _ in pages]


def stack(path, planes, axes="TYX"):
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, planes, imagej=True, metadata={"axes": axes})


def linked(page):
    page.button("Link").click()
    page.until("() => annotator.tracks.tracks.size < 12", "the links")
    settled(page)
    return tracks(page)


def exported(page, name):
    page.button("Export or import tracks").click()
    page.button("Export tracks").click()
    page.page.get_by_text(name).first.wait_for()
    page.key("Escape")


def undone(page, steps):
    for _ in range(steps):
        page.key("Control+z")
    page.until("() => annotator.document.objects.all().length === 0", "an empty movie")
    settled(page)


def test_trackmate_comes_in_as_objects_or_as_links(shown, tmp_path):
    movie, labels = painted()
    folder = tmp_path / "movie"
    stack(folder / "movie.tif", movie)
    stack(folder / "found" / "labels.tif", labels)
    page = shown(folder / "movie.tif")
    imported(page, "found/labels.tif")
    truth = linked(page)
    assert sum(mother is not None for mother, _ in truth.values()) == 2
    exported(page, "tracks.xml")
    undone(page, 2)

    # With outlines: the objects, with their tracks and divisions.
    written = "movie-results/movie-tracks/tracks.xml"
    imported(page, written)
    assert tracks(page) == truth
    assert page.label(150, 60) != 0
    undone(page, 1)

    # Without outlines: links of objects that have to be there.
    text = re.sub(r' ROI_N_POINTS="\d+"', "", (folder / written).read_text())
    assert "ROI_N_POINTS" not in text.split("<AllSpots")[1].split("<AllTracks")[0]
    (folder / "spots.xml").write_text(text)
    page.button("Export or import tracks").click()
    page.page.get_by_label("Folder or file to import").fill("spots.xml")
    page.button("Import tracks").click()
    page.page.get_by_text("have no pixels").first.wait_for()
    page.key("Escape")
    imported(page, "found/labels.tif")
    assert len(tracks(page)) > len(truth)
    imported(page, "spots.xml")
    assert tracks(page) == truth


def test_a_link_with_a_close_second_is_found_by_key(shown, tmp_path):
    """A disc lies in the middle between two of the frame before; others stay where they are."""
    ys, xs = numpy.mgrid[:HEIGHT, :WIDTH]
    labels = numpy.zeros((3, HEIGHT, WIDTH), numpy.uint16)
    for t, columns in enumerate([(43, 61), (52,), (52,)]):
        for number, x in enumerate((*columns, 150, 200, 250, 300)):
            labels[t][(ys - 80) ** 2 + (xs - x) ** 2 < 6**2] = 10 * t + number + 1
    stack(tmp_path / "movie" / "movie.tif", 300 + 2000 * (labels > 0).astype(numpy.uint16))
    stack(tmp_path / "movie" / "found" / "labels.tif", labels)
    page = shown(tmp_path / "movie" / "movie.tif")
    imported(page, "found/labels.tif")
    linked(page)
    page.key("j")
    page.page.get_by_text("1 of 1: a close second").wait_for()
    turned(page, 1)
    middle = page.label(80, 52)
    assert page.ask("() => annotator.tracks.nodes.current") == [{"t": 1, "label": middle}]

    # Who cuts the link has decided; undo brings the place back.
    page.key("b")
    settled(page)
    page.key("j")
    page.page.get_by_text("nothing looks wrong").wait_for()
    page.key("z")
    settled(page)
    page.key("j")
    page.page.get_by_text("1 of 1: a close second").wait_for()


@pytest.mark.parametrize("form", ["files", "slices"])
def test_a_movie_in_files_or_slices_has_tracks(shown, tmp_path, form):
    movie, labels = painted()
    if form == "files":
        place = tmp_path / "frames"
        place.mkdir()
        for t, frame in enumerate(movie):
            tifffile.imwrite(place / f"t{t}.tif", frame)
        folder, name = place, "frames"
    else:
        place = tmp_path / "movie" / "movie.tif"
        stack(place, movie, "ZYX")
        folder, name = place.parent, "movie"
    stack(folder / "found" / "labels.tif", labels)
    page = shown(place, "--movie")
    assert page.ask("() => annotator.document.image.shape") == {"t": 10, "z": 1, "y": HEIGHT, "x": WIDTH, "c": 1}
    # The frames are in their order: the disc is where it is in the last one.
    page.slider("Time point").fill("9")
    turned(page, 9)
    bright, dark = page.color(150, 60 + 3 * 9), page.color(150, 60)
    assert bright[0] > dark[0] + 50
    imported(page, "found/labels.tif")
    truth = linked(page)
    exported(page, "tracks.xml")
    undone(page, 2)
    imported(page, f"{name}-results/{name}-tracks/ctc")
    assert tracks(page) == truth
