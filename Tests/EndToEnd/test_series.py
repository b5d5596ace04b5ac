"""Automatic segmentation, series, import and export, fine-tuning, the tour."""

import re

import numpy
import pytest
import tifffile
from cells import middle, middle_objects, overlap


def segmented(page):
    page.ready()
    page.key("Shift+S")
    page.until("() => annotator.automatic.run !== null && !annotator.automatic.isBusy", "automatic segmentation")


def set_slider(page, name, value):
    page.slider(name).fill(str(value))


def test_sliders_answer_and_the_result_is_accepted(page):
    segmented(page)
    found = page.ask("() => annotator.automatic.offered.length")
    assert found > 0.6 * page.truth.max()
    set_slider(page, "Smallest object", 500)
    page.until("() => annotator.automatic.before !== null && !annotator.automatic.isBusy", "the answer of the slider")
    fewer = page.ask("() => annotator.automatic.offered.length")
    assert fewer <= found
    assert page.ask("() => annotator.automatic.gone.size") >= found - fewer
    assert "gone" in page.text(".difference")
    set_slider(page, "Smallest object", 0)
    page.until(
        "(count) => annotator.automatic.offered.length === count && !annotator.automatic.isBusy", "going back", found
    )

    # One is rejected by a right click, one is taken by a click, and the rest by the button.
    page.key("v")
    [first, second] = page.ask(
        "() => annotator.automatic.offered.slice(0, 2).map(({ centroid }) => centroid.map(Math.round))"
    )
    for place in (first, second):
        page.until("([y, x]) => annotator.automatic.run.labels.at(y, x) !== null", "the labels of the result", place)
    page.click(*first, button="right")
    assert page.ask("() => annotator.automatic.offered.length") == found - 1
    page.click(*second)
    page.saved()
    assert len(page.objects()) == 1
    page.button("Accept all").click()
    page.saved()
    assert len(page.objects()) == found - 1
    assert page.ask("() => annotator.automatic.offered.length") == 0

    # Whoever takes it back has the offer again, without what was rejected and what is accepted still.
    page.key("Control+z")
    page.saved()
    assert len(page.objects()) == 1
    page.until("(count) => annotator.automatic.offered.length === count", "the offer", found - 2)
    page.key("Control+z")
    page.until("(count) => annotator.automatic.offered.length === count", "the offer", found - 1)
    page.key("Control+Shift+z")
    page.until("(count) => annotator.automatic.offered.length === count", "the offer", found - 2)
    page.saved()
    assert len(page.objects()) == 1


@pytest.mark.long
def test_only_where_nothing_is_committed(page):
    segmented(page)
    found = page.ask("() => annotator.automatic.offered.length")
    page.key("b")
    y, x = page.ask("() => annotator.automatic.offered[0].centroid.map(Math.round)")
    page.click(y, x)
    page.saved()
    mine = page.labels()
    page.button("Accept non-overlapping").click()
    page.saved()
    assert len(page.objects()) == found
    assert (page.labels()[mine > 0] == mine[mine > 0]).all()
    page.button("Reject all").click()
    page.until("() => annotator.automatic.run === null", "rejecting")


@pytest.mark.by_hand
def test_the_series_from_image_to_image(page, series):
    page.key("b")
    page.click(100, 100)
    page.saved()
    page.key("Shift+N")
    page.until("() => annotator.document.image.name === 'cells-2.tif'", "the next image")
    assert page.objects() == []
    page.key("p")
    page.until("() => annotator.document.image.name === 'cells-1.tif'", "the image before")
    page.until("() => annotator.document.objects.all().length === 1", "its object")
    assert page.page.locator(".frame[aria-selected=true] .film-status").get_attribute("data-status") == "done"
    page.key("Control+g")
    page.page.get_by_placeholder("Number or a part of the name").fill("3")
    page.key("Enter")
    page.until("() => annotator.document.image.name === 'cells-3.tif'", "going to an image")
    page.reload()
    assert page.ask("() => annotator.document.image.name") == "cells-3.tif"


@pytest.mark.long
@pytest.mark.by_hand
def test_the_exported_labels_are_those_of_the_page(page):
    page.key("b")
    page.ask("() => annotator.settings.change({ brush: 14 })")
    for place in [(60, 60), (60, 140), (150, 100)]:
        page.key("Escape")
        page.click(*place)
        page.saved()
    labels = page.labels()
    assert len(numpy.unique(labels)) == 4
    page.button("Export results").click()
    page.button("Export").click()
    page.page.get_by_text("Written to").wait_for()
    folder = page.page.get_by_text("Written to").inner_text().removeprefix("Written to ").removesuffix(":")
    names = page.page.locator(".files li").all_inner_texts()
    [name] = [name for name in names if name.endswith(".tif")]
    exported = tifffile.imread(name if name.startswith("/") else f"{folder}/{name}")
    assert (exported == labels).all()
    assert any(name.endswith(".csv") for name in names)


@pytest.mark.by_hand
def test_a_label_image_is_imported_and_taken_back(page, tmp_path):
    labels = numpy.zeros(page.truth.shape, numpy.uint16)
    labels[20:50, 30:70], labels[100:140, 120:150] = 3, 8
    tifffile.imwrite(tmp_path / "labels.tif", labels)
    page.button("Import objects").click()
    page.page.get_by_label("File with objects").set_input_files(tmp_path / "labels.tif")
    page.button("Import").click()
    page.page.get_by_text("2 objects imported into the image").wait_for()
    page.key("Escape")
    page.saved()
    imported = page.labels()
    assert ((imported > 0) == (labels > 0)).all() and len(page.objects()) == 2

    # They are accepted one by one.
    assert [row["accepted"] for row in page.objects()] == [False, False]
    page.key("v")
    page.click(120, 130)
    page.key("Shift+A")
    page.saved()
    assert {row["label"]: row["accepted"] for row in page.objects()} == {3: False, 8: True}
    page.until(
        """() => document.querySelectorAll("#panel-objects .row:not([hidden])[title*='not accepted yet']").length === 1""",
        "the sign in the list",
        seconds=20,
    )
    for _ in range(2):
        page.key("Control+z")
        page.saved()
    assert not page.labels().any()


def test_a_model_is_fine_tuned_and_taken_back(page, tmp_path):
    for i in range(3):
        segmented(page)
        page.button("Accept all").click()
        page.saved()
        page.ask("() => annotator.automatic.clear()")
        page.key("Shift+N")
        if i < 2:
            page.until("(name) => annotator.document.image.name === name", "the next image", f"cells-{i + 2}.tif")
    before = page.ask("() => annotator.modelName.current")
    # Three iterations instead of the epochs that a user waits for.
    page.page.route("**/train", lambda route: route.continue_(post_data={"iterations": 3}))
    page.button("Fine-tune the model").click()
    page.button("Start").click()
    page.until(
        "() => annotator.jobs.current.some((job) => job.kind === 'train' && !['running', 'waiting'].includes(job.state))",
        "fine-tuning",
        seconds=900,
    )
    # Both scores are known, and there are curves.
    said = page.text("dialog p")
    scores = re.search(r"is ready\. Score on images that were kept out: (\d\.\d{3}) before, (\d\.\d{3}) now\.", said)
    assert scores and all(0 <= float(score) <= 1 for score in scores.groups()), said
    assert page.ask("() => annotator.jobs.current.findLast((job) => job.kind === 'train').curves.length") > 0
    assert page.page.locator("dialog canvas.curves").is_visible()
    page.picture("fine-tuned", tmp_path)
    assert page.ask("(models) => models.scrollWidth <= models.clientWidth", page.page.query_selector(".models"))
    models = page.page.locator(".models")
    new = page.ask("() => annotator.jobs.current.findLast((job) => job.kind === 'train').result.model")
    models.get_by_text(new, exact=True).click()
    page.until("(name) => annotator.modelName.current === name", "the new model", new)
    models.get_by_text(before, exact=True).click()
    page.until("(name) => annotator.modelName.current === name", "the old model", before)


@pytest.mark.long
def test_a_fine_tuning_is_cancelled(page):
    segmented(page)
    page.button("Accept all").click()
    page.saved()
    page.button("Fine-tune the model").click()
    page.page.get_by_label("Epochs").fill("500")
    page.button("Start").click()
    page.button("Cancel").click()
    page.page.get_by_text("Cancelled.").wait_for()


def test_the_tour_is_done_and_not_read(page):
    page.ready()
    page.key("?")
    page.button("Start the tour").click()
    title = page.page.locator("#tour h2")
    assert title.inner_text() == "See a mask"
    y, x = middle(page.truth, middle_objects(page.truth)[0])
    page.hover(y, x)
    page.preview()
    assert title.inner_text() == "Take it"
    page.click(y, x)
    page.predicted()
    page.key("c")
    page.saved()
    assert title.inner_text() == "All at once"
    segmented(page)
    page.button("Accept all").click()
    page.saved()
    assert title.inner_text() == "Undo"
    page.key("Control+z")
    page.saved()
    assert title.inner_text() == "That was all"


@pytest.mark.long
def test_automatic_objects_are_those_of_the_image(page):
    segmented(page)
    page.button("Accept all").click()
    page.saved()
    labels = page.labels()
    good = sum(
        any(
            overlap(labels == other, page.truth == label) > 0.5
            for other in numpy.unique(labels[page.truth == label])
            if other
        )
        for label in range(1, page.truth.max() + 1)
    )
    assert good > 0.7 * page.truth.max()
