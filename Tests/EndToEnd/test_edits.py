"""Correction of committed objects, undo and history. Objects are painted, so that no model decides what is there."""

import pytest

pytestmark = pytest.mark.by_hand


def painted_disk(page, y, x, radius=12):
    """A new object by one touch of the brush; its label."""
    page.ask("(brush) => annotator.settings.change({ brush })", radius)
    page.key("v")
    page.key("Escape")
    page.key("b")
    page.click(y, x)
    page.saved()
    page.key("v")
    page.key("Escape")
    label = page.label(y, x)
    assert label > 0
    return label


def select(page, *places):
    page.key("v")
    for i, (y, x) in enumerate(places):
        page.click(y, x) if i == 0 else shift_click(page, y, x)


def shift_click(page, y, x):
    page.page.keyboard.down("Shift")
    page.click(y, x)
    page.page.keyboard.up("Shift")


def test_brush_eraser_and_undo_to_the_beginning(page):
    label = painted_disk(page, 100, 100)
    select(page, (100, 100))
    page.key("b")
    page.drag((100, 100), (100, 150))
    page.saved()
    assert page.label(100, 150) == label
    page.key("e")
    page.drag((100, 150), (100, 148))
    page.saved()
    assert page.label(100, 152) == 0
    states = [page.labels()]
    for _ in range(3):
        page.key("Control+z")
        page.saved()
        states.append(page.labels())
    assert (states[-1] == 0).all()
    for before in reversed(states[:-1]):
        page.key("Control+Shift+z")
        page.saved()
        assert (page.labels() == before).all()


def test_a_click_after_another_tool_selects(page):
    # One click with the brush and the next with the arrow, at the same place and at once, are no double click.
    place = page.place(100, 100)
    page.key("b")
    page.page.mouse.click(*place)
    page.key("v")
    page.page.mouse.click(*place)
    page.page.wait_for_timeout(300)
    assert page.ask("() => annotator.toolName.current") == "select"
    assert page.ask("() => annotator.current.isEmpty")
    assert page.ask("() => annotator.selection.current.size") == 1
    page.saved()
    page.key("Delete")
    page.saved()
    assert page.objects() == []
    # With one tool they are: the object is opened again.
    label = painted_disk(page, 100, 160)
    page.page.wait_for_timeout(450)
    page.double_click(100, 160)
    page.until("(label) => annotator.current.replaces === label", "reopening", label)
    page.key("Escape")


def test_merge_split_and_delete(page):
    first, second = painted_disk(page, 100, 100), painted_disk(page, 100, 118)
    select(page, (100, 100), (100, 125))
    page.key("Shift+M")
    page.saved()
    assert page.label(100, 125) == first and second not in [row["label"] for row in page.objects()]
    page.key("x")
    page.drag((70, 109), (130, 109))
    page.saved()
    assert len(page.objects()) == 2
    assert page.label(100, 95) != page.label(100, 125)
    page.key("m")
    page.click(100, 95)
    page.click(100, 125)
    page.saved()
    assert len(page.objects()) == 1
    select(page, (100, 95))
    page.key("Delete")
    page.saved()
    assert page.objects() == [] and not page.labels().any()


def test_holes_are_filled_and_outlines_smoothed(page):
    label = painted_disk(page, 100, 100, 20)
    page.ask("() => annotator.settings.change({ brush: 4 })")
    select(page, (100, 86))
    page.key("e")
    page.click(100, 100)
    page.saved()
    assert page.label(100, 100) == 0
    page.key("h")
    page.saved()
    assert page.label(100, 100) == label
    page.key("Control+z")
    page.saved()
    page.key("g")
    page.click(100, 100)
    page.saved()
    assert page.label(100, 100) == label
    page.key("j")
    page.saved()
    assert page.label(100, 100) == label


def test_locked_objects_stay(page):
    label = painted_disk(page, 100, 100)
    select(page, (100, 100))
    page.key("k")
    page.saved()
    before = page.labels()
    page.key("Escape")
    page.key("e")
    page.drag((100, 90), (100, 110))
    page.saved()
    assert (page.labels() == before).all()
    page.ask("() => annotator.settings.change({ rule: 'overwrite' })")
    page.key("b")
    page.drag((100, 60), (100, 140))
    page.saved()
    assert (page.labels()[before == label] == label).all()
    page.ask("() => annotator.settings.change({ rule: 'keep' })")


def test_classes_names_and_numbers(page):
    label = painted_disk(page, 100, 100)
    page.page.get_by_label("New class").fill("nucleus")
    page.key("Enter")
    select(page, (100, 100))
    page.key("1")
    page.saved()
    page.page.get_by_label("Name of the object").fill("odd one")
    page.key("Enter")
    page.saved()
    page.page.get_by_label("Number of the object").fill("77")
    page.key("Enter")
    page.saved()
    [row] = page.objects()
    assert (row["label"], row["class"], row["name"]) == (77, "nucleus", "odd one")
    assert page.label(100, 100) == 77
    assert label != 77


def test_the_history_is_looked_at_and_gone_back_to(page):
    painted_disk(page, 60, 60)
    painted_disk(page, 60, 140)
    painted_disk(page, 60, 220)
    page.tab("History")
    page.until("() => Number(document.querySelector('#panel-history input').max) === 3", "the history")
    field = page.page.get_by_label("Look back in the history")
    field.fill("1")
    page.until("() => annotator.viewing.current !== null", "looking back")
    assert len(page.objects()) == 3, "looking changes nothing"
    page.button("Continue from here").click()
    page.saved()
    page.until("() => annotator.document.objects.all().length === 1", "going back")
    for _ in range(2):
        page.key("Control+Shift+z")
        page.saved()
    assert len(page.objects()) == 3


def test_everything_is_there_after_a_kill_and_can_still_be_undone(page, series):
    painted_disk(page, 60, 60)
    painted_disk(page, 60, 140)
    before = page.labels()
    series.kill()
    series.start()
    page.messages.clear()  # The browser tells that the server was away.
    page.open(series.address)
    assert (page.labels() == before).all()
    page.key("Control+z")
    page.saved()
    page.key("Control+z")
    page.saved()
    assert not page.labels().any()
    page.messages.clear()


def test_without_a_server_work_goes_on(page, series):
    painted_disk(page, 60, 60)
    series.kill()
    page.key("b")
    page.click(60, 140)
    page.click(60, 220)
    page.until("() => document.querySelector('.saving').textContent.startsWith('offline, ')", "the word offline")
    assert page.label(60, 140) > 0
    page.page.wait_for_timeout(300)
    page.until(
        "() => document.querySelector('.saving').textContent.includes('kept here')", "the number of kept gestures"
    )
    series.start()
    page.saved()
    page.until("() => annotator.document.objects.all().every((row) => !row.pending)", "sending")
    assert page.label(60, 140) and page.label(60, 140) < 0xFF000000
    before = page.labels()
    page.reload()
    assert (page.labels() == before).all()
    page.messages.clear()  # The browser tells that the server was away.


def test_what_was_not_sent_survives_a_reload(page, series):
    painted_disk(page, 60, 60)
    page.page.route("**/gestures", lambda route: route.abort())
    page.key("b")
    page.click(60, 140)
    page.until("() => annotator.outbox.state.current.waiting > 0", "a kept gesture")
    page.page.wait_for_timeout(300)
    page.page.unroute("**/gestures")
    page.reload()
    page.saved()
    assert page.label(60, 140) > 0
    page.messages.clear()  # The browser tells about the request that failed.


@pytest.mark.parametrize(
    "broken",
    [
        "IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); }",
        "IDBFactory.prototype.open = () => { throw new DOMException('not allowed', 'SecurityError'); }",
    ],
    ids=["full", "no-database"],
)
def test_what_the_browser_cannot_store_is_said_to_be_lost_by_a_reload(page, broken):
    page.page.add_init_script(broken)
    page.reload()
    page.page.route("**/gestures", lambda route: route.abort())
    page.key("b")
    page.click(60, 140)
    page.until(
        "() => document.querySelector('.saving').textContent === 'offline, a reload loses 1'", "the warning", seconds=30
    )
    page.page.get_by_text("do not close or reload this page").first.wait_for()
    assert page.ask("() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"), "the browser asks"
    page.page.unroute("**/gestures")
    page.saved()
    assert page.ask("() => dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    page.reload()
    assert page.label(60, 140) > 0
    page.messages.clear()  # The browser tells about the request that failed.


def test_a_second_tab_does_no_damage(page, context, series):
    from annotator import Annotator

    first = painted_disk(page, 60, 60)
    other = Annotator(context.new_page(), series.address)
    other.until("() => annotator.document.objects.all().length === 1", "the object in the second tab")
    painted_disk(other, 60, 140)
    page.until("() => annotator.document.objects.all().length === 2", "the object of the second tab in the first")
    # Both change at once: one merges what the other deletes.
    page.ask("(label) => { annotator.document.perform({ kind: 'delete', labels: [label] }, 'Delete'); }", first)
    other.ask(
        "(label) => { annotator.document.perform({ kind: 'flags', labels: [label], locked: true }, 'Lock'); }", first
    )
    page.saved()
    other.saved()
    page.page.wait_for_timeout(300)
    assert (page.labels() == other.labels()).all()
    assert [row["label"] for row in page.objects()] == [row["label"] for row in other.objects()]
    page.messages.clear()  # The browser tells about a refused request.
