"""Reads what the writers of tracks wrote with other programs' libraries and compares it with what was meant.

Usage: check_tracks.py FOLDER [--all]. The movies in FOLDER are described in movie.json. Libraries that are missing are named and
left out, with --all they are an error; a difference ends with an error.
"""

import json
import sys
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
movie = json.loads((folder / "movie.json").read_text())
nodes = {node["id"]: node for node in movie["nodes"]}
edges = {tuple(edge) for edge in movie["edges"]}
tracks = {track["id"]: track for track in movie["tracks"]}


def library(name):
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        if "--all" in sys.argv:
            raise
        print(f"left out, not installed: {name}")
        return None


def check_geff(geff, name):
    """Structure and tracklets are valid, nodes and edges the same."""
    path = folder / name
    geff.validate_structure(path)
    from geff.validate.tracks import validate_tracklets

    graph, metadata = geff.read(path, structure_validation=True)
    assert metadata.directed and [axis.name for axis in metadata.axes] == ["t", "y", "x"]
    assert set(graph.nodes) == set(nodes) and set(graph.edges) == edges, name
    for node, values in graph.nodes(data=True):
        expected = nodes[node]
        for key in ("t", "label", "area", "track_id"):
            assert values[key] == expected[key], (name, node, key)
        assert abs(values["y"] - expected["y"]) < 1e-9 and abs(values["x"] - expected["x"]) < 1e-9
    ids = np.array(list(graph.nodes))
    numbers = np.array([graph.nodes[node]["track_id"] for node in ids])
    valid, problems = validate_tracklets(ids, np.array(list(graph.edges)).reshape(-1, 2), numbers)
    assert valid, problems
    print(f"same: {name}")


def check_ctc_folder(name):
    """The labels of the files are the tracks of the table."""
    table = np.loadtxt(folder / name / "res_track.txt", dtype=int, ndmin=2)
    found = {}
    for frame, file in enumerate(sorted((folder / name).glob("mask*.tif"))):
        labels = tifffile.imread(file)
        assert labels.dtype == np.uint16 and labels.shape == tuple(movie["shape"])
        for number in np.unique(labels[labels > 0]):
            found.setdefault(int(number), []).append(frame)
    assert {row[0]: (row[1], row[2]) for row in table.tolist()} == {
        number: (frames[0], frames[-1]) for number, frames in found.items()
    }
    # Where nothing is missing the numbers are those of the graph, and so are parents.
    for number, track in tracks.items():
        row = table[table[:, 0] == number][0]
        assert row[1] == track["first"] and (row[3] == track["parent"] or track["parent_has_gap"]), (name, row, track)
    print(f"same: {name}")


def check_scores(ctc_metrics, name):
    """A result that is scored against itself is without errors, and valid."""
    from ctc_metrics.scripts.evaluate import evaluate_sequence

    truth = folder / f"{name}_GT"
    scores = evaluate_sequence(str(folder / name), str(truth), metrics=["Valid", "TRA", "DET", "LNK"], threads=1)
    assert scores["Valid"] == 1, scores
    assert all(abs(scores[key] - 1) < 1e-9 for key in ("TRA", "DET", "LNK")), scores
    print(f"valid, without errors: {name}")


def check_traccuracy(traccuracy, name):
    from traccuracy.loaders import load_ctc_data

    loaded = load_ctc_data(str(folder / name), str(folder / name / "res_track.txt"), run_checks=True)
    graph = loaded.graph
    places = {node: (data["t"], round(data["y"], 6), round(data["x"], 6)) for node, data in graph.nodes(data=True)}
    expected = {key: (node["t"], round(node["y"], 6), round(node["x"], 6)) for key, node in nodes.items()}
    assert sorted(places.values()) == sorted(expected.values())
    found = {(places[one], places[other]) for one, other in graph.edges}
    assert found == {(expected[one], expected[other]) for one, other in edges}
    print(f"same graph: {name}")


def check_trackmate():
    """The elements and attributes that TrackMate's reader asks for, and links between spots that exist."""
    root = ElementTree.parse(folder / "tracks.xml").getroot()
    assert root.tag == "TrackMate" and root.get("version").startswith("7.")
    assert [child.tag for child in root] == ["Log", "Model", "Settings", "GUIState"]
    model = root.find("Model")
    assert model.get("spatialunits") and model.get("timeunits")
    assert [child.tag for child in model] == ["FeatureDeclarations", "AllSpots", "AllTracks", "FilteredTracks"]
    declared = {}
    for group in model.find("FeatureDeclarations"):
        declared[group.tag] = {feature.get("feature"): feature.get("isint") == "true" for feature in group}
        assert all(set(f.attrib) == {"feature", "name", "shortname", "dimension", "isint"} for f in group)
    spots = {}
    for frame in model.find("AllSpots"):
        for spot in frame:
            assert spot.get("FRAME") == frame.get("frame")
            for key in set(spot.attrib) - {"ID", "name", "ROI_N_POINTS"}:
                value = float(spot.get(key))
                assert not declared["SpotFeatures"][key] or value == int(spot.get(key)), key
            if spot.get("ROI_N_POINTS"):
                assert len(spot.text.split()) == 2 * int(spot.get("ROI_N_POINTS"))
            spots[int(spot.get("ID"))] = spot
    assert int(model.find("AllSpots").get("nspots")) == len(spots) == len(nodes)
    found = set()
    for track in model.find("AllTracks"):
        ends = set()
        for edge in track:
            assert set(edge.attrib) <= set(declared["EdgeFeatures"])
            pair = (int(edge.get("SPOT_SOURCE_ID")), int(edge.get("SPOT_TARGET_ID")))
            assert int(spots[pair[0]].get("FRAME")) < int(spots[pair[1]].get("FRAME"))
            found.add(pair)
            ends |= set(pair)
        assert set(track.attrib) - {"name"} <= set(declared["TrackFeatures"])
        assert len(ends) == int(track.get("NUMBER_SPOTS"))
    assert found == edges
    shown = [track.get("TRACK_ID") for track in model.find("FilteredTracks")]
    assert shown == [track.get("TRACK_ID") for track in model.find("AllTracks")]
    image = root.find("Settings/ImageData")
    assert [int(image.get(key)) for key in ("height", "width", "nframes")] == [*movie["shape"], movie["frames"]]
    print("same: TrackMate")


def check_converted(geff):
    """The converter of geff reads the TrackMate file."""
    from geff.convert import from_trackmate_xml_to_geff

    from_trackmate_xml_to_geff(folder / "tracks.xml", folder / "converted.geff")
    graph, _ = geff.read(folder / "converted.geff")
    assert set(graph.nodes) == set(nodes) and set(graph.edges) == edges
    print("same: TrackMate by the converter of geff")


check_trackmate()
if geff := library("geff"):
    check_geff(geff, "zarr2.geff")
    check_geff(geff, "zarr3.geff")
    check_converted(geff)
if tifffile := library("tifffile"):
    check_ctc_folder("01_RES")
if ctc_metrics := library("ctc_metrics"):
    check_scores(ctc_metrics, "01_RES")
if traccuracy := library("traccuracy"):
    check_traccuracy(traccuracy, "01_RES")
