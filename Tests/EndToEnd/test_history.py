"""A history of more edits than the page asks for at once."""

import json
import urllib.request
import uuid

import pytest

pytestmark = pytest.mark.by_hand

# More than the 500 of which an earlier page knew.
EDITS = 520


class Requests:
    """Requests of another client to the server of a series."""

    def __init__(self, series):
        self.address = f"http://127.0.0.1:{series.port}/api/1/images/1"
        self.client = str(uuid.uuid4())
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.opener.open(series.address).read()

    def post(self, path, **body):
        sent = json.dumps({"key": str(uuid.uuid4()), "client": self.client, **body}).encode()
        request = urllib.request.Request(f"{self.address}/{path}", sent, {"Content-Type": "application/json"})
        return json.load(self.opener.open(request))


def painted(requests, i):
    """A new object of four pixels, each at a place of its own."""
    y, x = 4 * (i // 60), 4 * (i % 60)
    mask = {"box": [y, x, y + 2, x + 2], "runs": [0, 4]}
    return requests.post("gestures", t=0, z=0, kind="paint", label=0, mask=mask, rule="keep")["edit"]


def step(page):
    return page.text("#panel-history .hint")


def until_step(page, words):
    page.until(
        "(words) => document.querySelector('#panel-history .hint').textContent.startsWith(words)",
        f"“{words}”",
        words,
        seconds=60,
    )


def click_row(page, place, below):
    """A click into the list at its beginning or its end."""
    rows = page.page.locator("#panel-history .list")
    rows.evaluate("(list, top) => { list.scrollTop = top; }", 0 if place == "first" else 1e9)
    page.painted()
    frame = rows.bounding_box()
    page.page.mouse.click(frame["x"] + 40, frame["y"] + (below if place == "first" else frame["height"] - below))


def test_all_of_many_edits_are_reached(page, series):
    requests = Requests(series)
    edits = [painted(requests, i) for i in range(EDITS)]
    page.tab("History")
    until_step(page, f"Step {EDITS} of {EDITS}.")
    page.slider("Look back in the history").fill("3")
    assert step(page).startswith(f"Step 3 of {EDITS}.")
    assert page.ask("() => annotator.viewing.current.edit") == edits[2]
    page.until("() => annotator.viewing.current.labels.at(0, 8) > 0", "the third object", seconds=60)
    assert page.ask("() => annotator.viewing.current.labels.at(0, 12)") == 0
    click_row(page, "last", 12)
    until_step(page, f"Step 1 of {EDITS}.")
    assert page.ask("() => annotator.viewing.current.edit") == edits[0]

    # What counts is reached as well if more than that is undone.
    page.button("Back to now").click()
    requests.post("goto", edit=edits[9])
    until_step(page, "Step 10 of 10.")
    requests.post("goto", edit=0)
    until_step(page, "All is undone.")
    click_row(page, "first", 12)
    until_step(page, "This edit is undone.")
    page.button("Continue from here").click()
    until_step(page, f"Step {EDITS} of {EDITS}.")
    assert len(page.objects()) == EDITS
