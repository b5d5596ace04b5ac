"""Open, hover, prompt, choose, correct, commit."""

import pytest
from cells import middle, middle_objects, overlap


def test_a_mask_is_shown_before_a_click_and_taken_by_it(page):
    page.ready()
    label = middle_objects(page.truth)[0]
    y, x = middle(page.truth, label)
    page.hover(y, x)
    page.preview()
    page.click(y, x)
    page.predicted()
    assert overlap(page.current_mask(), page.truth == label) > 0.6
    expected = page.current_mask()
    page.key("c")
    assert page.label(y, x) > 0, "the object is there before the server has answered"
    page.saved()
    committed = page.labels()
    assert ((committed == committed[y, x]) == expected).all()
    assert [row["source"] for row in page.objects()] == ["prompt"]
    assert page.color(y, x) != page.POSITIVE, "the mark of the prompt is gone"


def test_a_known_mask_needs_no_request(page):
    page.ready()
    y, x = middle(page.truth, middle_objects(page.truth)[0])
    page.hover(y, x)
    page.preview()
    requests = []
    page.page.on("request", lambda request: requests.append(request.url))
    page.hover(5, 5)
    page.until(
        "() => annotator.hover.pointer?.y === 5 && !annotator.hover.latest.isBusy", "the answer for another place"
    )
    requests.clear()
    page.hover(y + 1, x + 1)
    page.until("() => annotator.hover.mask !== null", "the known mask", seconds=2)
    assert not [url for url in requests if url.endswith("/preview")]


def test_an_automatic_object_is_a_known_mask(page):
    page.ready()
    page.key("Shift+S")
    page.until("() => annotator.automatic.run !== null && !annotator.automatic.isBusy", "automatic segmentation")
    # Of the objects whose middle is their own.
    label = middle_objects(page.truth)[0]
    y, x = middle(page.truth, label)
    page.until("([y, x]) => annotator.automatic.run.labels.at(y, x) !== null", "the labels of the result", [y, x])
    found = page.ask("([y, x]) => annotator.automatic.run.labels.at(y, x)", [y, x])
    assert found > 0
    requests = []
    page.page.on("request", lambda request: requests.append(request.url))
    page.hover(y, x)
    page.until("(found) => annotator.hover.shown?.found === found", "the automatic object", found, seconds=10)
    area = page.ask("(found) => annotator.automatic.run.objects.get(found).area", found)
    assert page.ask("() => annotator.hover.mask.runs.filter((_, i) => i % 2).reduce((a, b) => a + b, 0)") == area
    assert not [url for url in requests if url.endswith("/preview")]

    # A click makes a prompt of it, and the mask of the prompt is committed.
    page.click(y, x)
    page.predicted()
    assert page.ask("() => annotator.current.active.candidates.length") == 3
    mask = page.current_mask()
    assert overlap(mask, page.truth == label) > 0.6
    page.key("c")
    page.saved()
    [row] = page.objects()
    assert row["source"] == "prompt" and ((page.labels() == row["label"]) == mask).all()

    # What is rejected is none any more.
    offered = page.ask("() => annotator.automatic.offered.length")
    page.ask("(found) => annotator.automatic.hide([found])", found)
    assert page.ask("() => [annotator.hover.shown, annotator.automatic.offered.length]") == [None, offered - 1]


@pytest.mark.long
def test_walking_between_small_and_large_masks(page):
    page.ready()
    y, x = middle(page.truth, middle_objects(page.truth)[0])
    page.hover(y, x)
    page.preview()
    page.key("]")
    page.key("]")
    chosen = page.ask("() => annotator.hover.chosen")
    count = page.ask("() => annotator.hover.shown.masks.length")
    assert chosen == count - 1
    page.page.keyboard.down("Alt")
    page.page.mouse.wheel(0, 100)
    page.page.keyboard.up("Alt")
    assert page.ask("() => annotator.hover.chosen") == max(0, count - 2)


def test_points_boxes_lassos_and_scribbles_make_objects(page):
    page.ready()
    first, second, third, fourth = middle_objects(page.truth)[:4]
    y, x = middle(page.truth, first)
    page.key("r")
    page.drag((y - 26, x - 26), (y + 26, x + 26))
    page.predicted()
    assert overlap(page.current_mask(), page.truth == first) > 0.6
    page.key("c")
    y, x = middle(page.truth, second)
    page.key("l")
    page.drag((y - 18, x - 18), (y - 18, x + 18), (y + 18, x + 18), (y + 18, x - 18), (y - 17, x - 18))
    page.predicted()
    page.key("c")
    y, x = middle(page.truth, third)
    page.key("w")
    page.drag((y - 5, x - 5), (y + 5, x + 5))
    page.predicted()
    page.key("c")
    y, x = middle(page.truth, fourth)
    page.key("d")
    page.click(y, x)
    page.predicted()
    page.key("c")
    page.saved()
    assert len(page.objects()) == 4
    for label in (first, second, third, fourth):
        assert page.label(*middle(page.truth, label)) > 0


@pytest.mark.long
def test_a_polygon_is_drawn_by_clicks(page):
    page.ready()
    y, x = middle(page.truth, middle_objects(page.truth)[0])
    page.key("l")
    for place in [(y - 20, x - 20), (y - 20, x + 20), (y + 20, x + 20), (y + 20, x - 20)]:
        page.click(*place)
        page.page.wait_for_timeout(450)
    page.click(y - 20, x - 20)
    page.predicted()
    assert page.ask("() => annotator.current.active.prompts.map(({ type, points }) => [type, points.length])") == [
        ["polygon", 4]
    ]


def test_prompts_are_moved_removed_and_taken_back(page):
    page.ready()
    y, x = middle(page.truth, middle_objects(page.truth)[0])
    page.click(y, x)
    page.predicted()
    page.click(y + 14, x + 14, button="right")
    page.predicted()
    assert page.ask("() => annotator.current.active.prompts.map(({ label }) => label)") == ["positive", "negative"]
    page.drag((y + 14, x + 14), (y + 20, x + 24))
    page.predicted()
    moved = page.ask("() => annotator.current.active.prompts[1]")
    assert abs(moved["y"] - (y + 20)) < 1.5 and abs(moved["x"] - (x + 24)) < 1.5
    page.hover(y + 20, x + 24)
    page.key("Delete")
    page.predicted()
    assert page.ask("() => annotator.current.active.prompts.length") == 1
    page.key("Control+z")
    assert page.ask("() => annotator.current.active.prompts.length") == 2
    page.key("Escape")
    assert page.ask("() => annotator.current.isEmpty")
    assert page.objects() == []


def test_the_threshold_is_turned_by_the_wheel_without_a_request(page):
    page.ready()
    y, x = middle(page.truth, middle_objects(page.truth)[0])
    page.click(y, x)
    page.predicted()
    page.until("() => annotator.current.active.candidates[0].decoded !== undefined", "logits")
    before = page.current_mask().sum()
    requests = []
    page.page.on("request", lambda request: requests.append(request.url))
    page.page.keyboard.down("Control")
    for _ in range(4):
        page.page.mouse.wheel(0, 100)
    page.page.keyboard.up("Control")
    assert page.current_mask().sum() < before
    assert requests == []
    assert page.ask("() => annotator.current.active.threshold") == 1


@pytest.mark.long
def test_many_at_once_and_turbo(page):
    page.ready()
    labels = middle_objects(page.truth)[:3]
    page.key("Shift+B")
    for label in labels:
        page.click(*middle(page.truth, label))
        page.page.wait_for_timeout(450)
    page.predicted()
    assert page.ask("() => annotator.current.groups.length") == 3
    page.key("c")
    page.saved()
    assert len(page.objects()) == 3
    page.key("Shift+B")
    page.key("u")
    y, x = middle(page.truth, middle_objects(page.truth)[3])
    page.click(y, x)
    page.until("() => annotator.document.objects.all().length === 4", "the commit of turbo mode")
    page.page.get_by_role("button", name="Undo", exact=True).last.click()
    page.saved()
    assert len(page.objects()) == 3


def test_only_where_nothing_is_yet(page):
    page.ready()
    label = middle_objects(page.truth)[0]
    y, x = middle(page.truth, label)
    page.click(y, x)
    page.predicted()
    page.key("c")
    page.saved()
    before = page.labels()
    page.key("b")
    page.key("Escape")
    page.drag((y, x), (y, x + 60))
    page.saved()
    after = page.labels()
    assert (after[before > 0] == before[before > 0]).all()
    assert after.max() > before.max()


def test_a_committed_object_is_reopened_with_its_prompts(page):
    page.ready()
    y, x = middle(page.truth, middle_objects(page.truth)[0])
    page.click(y, x)
    page.predicted()
    page.key("c")
    page.saved()
    [row] = page.objects()
    page.key("v")
    page.double_click(y, x)
    page.until("() => annotator.current.replaces !== null", "reopening")
    page.predicted()
    page.click(y + 14, x + 14, button="right")
    page.predicted()
    changed = page.current_mask()
    page.key("c")
    page.saved()
    [again] = page.objects()
    assert again["label"] == row["label"]
    assert ((page.labels() == row["label"]) == changed).all()
