"""What holds for the page as a whole: names, sizes, security."""

import pytest
from annotator import Annotator

pytestmark = pytest.mark.by_hand


def test_every_control_has_a_name(page):
    for tab in ["Objects", "Automatic", "View", "History"]:
        page.tab(tab)
        nameless = page.ask("""() => [...document.querySelectorAll("button, input, select, [role=button]")]
            .filter((one) => one.offsetParent !== null)
            .filter((one) => !one.ariaLabel && !one.textContent.trim() && !one.labels?.length)
            .map((one) => one.outerHTML)""")
        assert nameless == []


def test_nothing_is_cut_or_lies_over_something_else(page):
    for size in [(1280, 800), (1920, 1080)]:
        page.page.set_viewport_size({"width": size[0], "height": size[1]})
        page.until("(width) => annotator.viewport.screen.width > 0.7 * width", "the new size", size[0])
        for scheme in ["light", "dark"]:
            page.page.emulate_media(color_scheme=scheme)
            page.until(
                "(scheme) => document.documentElement.dataset.theme === scheme", "the colours of the system", scheme
            )
            page.painted()
            for tool in ["v", "d", "r", "l", "w", "b", "e", "g", "x", "m", "i"]:
                page.key(tool)
                assert page.ask(OVERLAPS) == []
            for tab in ["Objects", "Automatic", "View", "History"]:
                page.tab(tab)
                assert page.ask(CUT) == []
            assert over_the_image(page) == []
            assert in_dialogs(page) == []


def over_the_image(page):
    """What meets, or is cut, while an object is in work, the tour runs and something is said."""
    page.key("?")
    page.button("Start the tour").click()
    page.key("d")
    page.ask(IN_WORK)
    page.page.locator(".candidate").nth(2).wait_for()
    met = page.ask(OVERLAPS) + page.ask(CUT)
    page.ask("() => annotator.current.clear()")
    page.ask("() => annotator.viewing.set({ edit: 0, labels: annotator.document.labels })")
    met += page.ask(OVERLAPS) + page.ask(CUT)
    page.ask("() => annotator.look(null)")
    page.button("End the tour").click()
    return met


def in_dialogs(page):
    """What meets, is cut or reaches beyond in the windows over the page."""
    found = []
    for name in ("Keys and help", "Export results", "Import objects", "Fine-tune the model"):
        page.button(name).click()
        page.page.locator("dialog[open]").wait_for()
        page.painted()
        found += [f"{name}: {one}" for one in page.ask(CUT) + page.ask(DIALOG)]
        page.key("Escape")
        page.page.locator("dialog").wait_for(state="detached")
    return found


# Three masks to choose from and a threshold, as of a click, and two notices.
IN_WORK = """() => {
    const mask = (side) => ({ box: [40, 40, 40 + side, 40 + side], runs: [0, side * side] });
    const candidates = [20, 30, 90].map((side) => ({ mask: mask(side), score: 0.9, stability: 1, decoded: {} }));
    annotator.current.clear();
    annotator.current.takePreview({ type: "point", y: 50, x: 50, label: "positive" }, candidates, 1);
    annotator.say("The server cannot save: no space is left on the disk. Your gestures are kept in this browser and "
        + "sent once the server is back.", { kind: "problem" });
    annotator.say("Deleted on all planes.", { action: { words: "Undo", run: () => undefined } });
}"""

# The window lies in the page, nothing in it reaches beyond, and its controls and words do not meet.
DIALOG = """() => {
    const dialog = document.querySelector("dialog[open]");
    const frame = dialog.getBoundingClientRect();
    const found = [];
    if (frame.left < 0 || frame.top < 0 || frame.right > innerWidth || frame.bottom > innerHeight) {
        found.push("the window");
    }
    for (const part of [dialog, dialog.querySelector(".dialog-body")]) {
        if (part.scrollWidth > part.clientWidth + 1) found.push("the width of " + part.className);
    }
    const kinds = "button, input, select, p, h1, h2, legend, kbd, .key-line > span:last-child, .check span";
    const parts = [...dialog.querySelectorAll(kinds)].filter((part) => part.offsetParent !== null);
    const words = (part) => part.textContent.trim() || part.ariaLabel || part.type;
    for (const [i, a] of parts.entries()) for (const b of parts.slice(i + 1)) {
        if (a.contains(b) || b.contains(a)) continue;
        const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();
        const height = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        const width = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        if (width > 1 && height > 1) found.push(words(a) + " | " + words(b));
    }
    return found;
}"""

# Parts over the image that meet each other.
OVERLAPS = """() => {
    const parts = ["options", "card", "readout", "scalebar", "banner", "tour", "notices"]
        .map((id) => document.getElementById(id))
        .filter((part) => part.offsetParent !== null);
    const met = [];
    for (const a of parts) for (const b of parts) {
        if (a.id >= b.id) continue;
        const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();
        if (p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom) met.push(a.id + " " + b.id);
    }
    return met;
}"""

# Words that do not fit into their control.
CUT = """() => [...document.querySelectorAll("button, h2, legend, .hint, .toggle, .slider span")]
    .filter((one) => one.offsetParent !== null && !one.closest(".list") && !one.matches(".place-name, .chip"))
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
    .map((one) => one.textContent)"""


def test_the_page_speaks_to_its_server_only(page):
    hosts = set()
    page.page.on(
        "request",
        lambda request: hosts.add(request.url.split("/")[2] if request.url.startswith("http") else request.url[:5]),
    )
    page.reload()
    page.key("d")
    page.hover(50, 50)
    page.page.wait_for_timeout(300)
    assert len(hosts - {"blob:", "data:"}) == 1


def test_the_image_is_moved_and_zoomed(page):
    before = page.ask("() => annotator.viewport.scale")
    page.hover(100, 100)
    page.page.mouse.wheel(0, -100)
    nearer = page.ask("() => annotator.viewport.scale")
    assert nearer > before
    assert page.ask("() => annotator.pointer.current") in [
        {"y": 100, "x": 100},
        {"y": 99, "x": 100},
        {"y": 100, "x": 99},
    ]
    page.page.keyboard.down(" ")
    left, top = page.place(100, 100)
    page.page.mouse.move(left, top)
    page.page.mouse.down()
    page.page.mouse.move(left + 60, top + 40)
    page.page.mouse.up()
    page.page.keyboard.up(" ")
    moved = page.place(100, 100)
    assert abs(moved[0] - left - 60) < 2 and abs(moved[1] - top - 40) < 2
    assert page.ask("() => annotator.current.isEmpty")
    page.key("f")
    assert page.ask("() => annotator.viewport.scale") == pytest.approx(before)


@pytest.mark.long
def test_two_fingers_move_and_zoom(browser, series):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True)
    page = Annotator(context.new_page(), series.address)
    before = page.ask("() => annotator.viewport.scale")
    left, top = page.place(100, 100)
    touch = context.new_cdp_session(page.page)
    points = [{"x": left - 40, "y": top, "id": 0}, {"x": left + 40, "y": top, "id": 1}]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points})
    wider = [{"x": left - 80, "y": top, "id": 0}, {"x": left + 80, "y": top, "id": 1}]
    touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": wider})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.ask("() => annotator.viewport.scale") == pytest.approx(before * 2, rel=0.1)
    assert page.ask("() => annotator.current.isEmpty"), "two fingers draw nothing"
    assert page.messages == []
    context.close()
