"""The page as a person uses it: the pointer goes to places of the image, keys are pressed, texts are read."""

import io
import os
import time
from pathlib import Path

import numpy
from PIL import Image

# How long something may take before a test fails; far more than it needs on a machine with nothing else to do.
PATIENCE = 240

# The pictures that docs/annotate.md shows.
DOCUMENTED = "-1280"
KEPT = {
    f"{name}{DOCUMENTED}"
    for name in (
        "hover-dark",
        "current-dark",
        "automatic-dark",
        "objects-light",
        "history-light",
        "keys-light",
        "stack-dark",
        "tracks-dark",
    )
}


class Annotator:
    """One tab with the annotator open."""

    def __init__(self, page, address):
        self.page = page
        page.set_default_timeout(PATIENCE * 1000)
        self.messages = []
        page.on(
            "console",
            lambda message: self.messages.append(f"{message.type}: {message.text} {message.location.get('url', '')}"),
        )
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))
        self.open(address)

    def open(self, address):
        self.page.goto(address)
        self.page.wait_for_selector("body[data-ready]")
        assert self.page.evaluate("document.body.dataset.ready") == "true"

    def reload(self):
        self.page.reload()
        self.page.wait_for_selector("body[data-ready]")

    def ask(self, script, argument=None):
        return self.page.evaluate(script, argument)

    def until(self, script, what, argument=None, seconds=PATIENCE):
        """Waits until a script says true."""
        end = time.monotonic() + seconds
        while not self.ask(script, argument):
            assert time.monotonic() < end, f"{what} did not happen in {seconds} s"
            self.page.wait_for_timeout(30)

    # Places

    def place(self, y, x):
        return self.ask(
            """([y, x]) => {
                const bounds = document.getElementById("overlay").getBoundingClientRect();
                const { left, top } = annotator.viewport.toScreen(y + 0.5, x + 0.5);
                return [bounds.left + left, bounds.top + top];
            }""",
            [y, x],
        )

    def hover(self, y, x):
        self.page.mouse.move(*self.place(y, x))

    def click(self, y, x, **options):
        self.page.mouse.move(*self.place(y, x))
        self.page.mouse.click(*self.place(y, x), **options)

    def double_click(self, y, x):
        self.page.mouse.dblclick(*self.place(y, x))

    def drag(self, *places):
        self.page.mouse.move(*self.place(*places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.place(*place), steps=5)
        self.page.mouse.up()

    def key(self, name):
        self.page.keyboard.press(name)

    def button(self, name, exact=True):
        return self.page.get_by_role("button", name=name, exact=exact)

    def slider(self, name):
        return self.page.get_by_role("slider", name=name)

    def tab(self, name):
        self.page.get_by_role("tab", name=name).click()

    # What is to be seen

    def ready(self):
        """The model has read the image."""
        self.until("() => annotator.modelState.current === 'ready'", "the model's reading of the image")

    def preview(self):
        self.until("() => annotator.hover.mask !== null", "a preview")

    def predicted(self):
        self.until("() => annotator.current.hasMask && !annotator.current.isBusy", "a mask of the object in work")

    def saved(self):
        self.until(
            "() => document.querySelector('.saving').textContent === 'saved' && annotator.document.pending.size === 0",
            "saving",
        )

    def painted(self):
        """What was asked for is on the screen."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def objects(self):
        return self.ask("() => annotator.document.objects.all()")

    def label(self, y, x):
        self.until("([y, x]) => annotator.document.labels.at(y, x) !== null", "a tile of labels", [y, x])
        return self.ask("([y, x]) => annotator.document.labels.at(y, x)", [y, x])

    def current_mask(self):
        """The mask of the object in work, of the size of the image."""
        size = self.ask("() => [annotator.document.size.y, annotator.document.size.x]")
        mask = self.ask("() => annotator.current.active.mask")
        return full(mask, size)

    def labels(self):
        """The committed labels as the page has them."""
        height, width = self.ask("() => [annotator.document.size.y, annotator.document.size.x]")
        self.ask("""async () => {
            const { labels } = annotator.document;
            for (let r = 0; r < labels.rows; r++) for (let c = 0; c < labels.cols; c++) await labels.load(r, c);
        }""")
        flat = self.ask("""() => {
            const { labels, size } = annotator.document;
            const all = [];
            for (let y = 0; y < size.y; y++) for (let x = 0; x < size.x; x++) all.push(labels.at(y, x));
            return all;
        }""")
        return numpy.array(flat, numpy.uint32).reshape(height, width)

    # The colour of the mark of a positive prompt, beside its sign.
    POSITIVE = (46, 230, 168)

    def color(self, y, x):
        """What is to be seen at a pixel, a little beside its middle."""
        self.painted()
        self.page.wait_for_timeout(200)
        left, top = self.place(y, x)
        return Image.open(io.BytesIO(self.page.screenshot())).convert("RGB").getpixel((int(left) + 5, int(top) - 3))

    def text(self, selector):
        return self.page.locator(selector).inner_text()

    def picture(self, name, folder):
        """A picture of the page for people to look at, and for the documentation in few colours so that it is small."""
        self.painted()
        self.page.wait_for_timeout(250)  # what fades in is there
        picture = Image.open(io.BytesIO(self.page.screenshot(path=folder / f"{name}.png"))).convert("RGB")
        assert len(picture.getcolors(1 << 24)) > 50, "the picture is empty"
        if "PICTURES" in os.environ and name in KEPT:
            kept = Path(os.environ["PICTURES"])
            kept.mkdir(parents=True, exist_ok=True)
            picture.thumbnail((1000, 800))
            few = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            few.save(kept / f"annotate-{name.removesuffix(DOCUMENTED)}.png", optimize=True)


def full(mask, size):
    """A mask with a box and runs, as an array of the size of the image."""
    y0, x0, y1, x1 = mask["box"]
    values = numpy.arange(len(mask["runs"])) % 2 == 1
    array = numpy.zeros(size, bool)
    array[y0:y1, x0:x1] = numpy.repeat(values, mask["runs"]).reshape(y1 - y0, x1 - x0)
    return array
