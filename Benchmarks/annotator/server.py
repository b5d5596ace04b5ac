"""`usam annotate` as a process, and its contract over HTTP. Needs the standard library only."""

import array
import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("USAM", str(ROOT / ".build/release/usam"))


IDLE = 20  # seconds


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, status, body):
        self.status = status
        self.body = body
        self.code = body.get("error", {}).get("code", "") if isinstance(body, dict) else ""
        message = body.get("error", {}).get("message", "") if isinstance(body, dict) else ""
        super().__init__(f"{status} {self.code}: {message}")


# What a connection says when the server is gone, perhaps in the middle of an answer.
GONE = (OSError, http.client.HTTPException)


class Server:
    """A running annotator."""

    def __init__(self, *arguments, log=None, program=PROGRAM):
        self.command = [str(program), "annotate", *map(str, arguments), "--no-browser", "--port", "0"]
        self.log = log
        self.start()

    def start(self):
        self.begun = time.perf_counter()
        # In a group of its own, so that Ctrl-C ends the script first.
        errors = open(self.log, "a") if self.log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        )
        if self.log:
            errors.close()
        line = self.process.stdout.readline()
        found = re.search(r"http://([^/:]+):(\d+)/\?token=(\w+)", line)
        if not found:
            raise RuntimeError(f"the annotator did not start: {self.command}, status {self.process.wait()}")
        self.seconds = time.perf_counter() - self.begun
        self.host, self.port, self.token = found[1], int(found[2]), found[3]

    def connect(self):
        return Connection(self)

    def kill(self):
        """Ends it as a loss of power would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def memory(self):
        """Bytes in memory; 0 where the system does not say."""
        try:
            return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096
        except OSError:
            return 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


class Connection:
    """A client, as a page is one: requests one after the other on one connection."""

    def __init__(self, server):
        self.id = str(uuid.uuid4())
        self.cookie = f"usam_session_{server.token[:8]}={server.token}"
        self.http = http.client.HTTPConnection(server.host, server.port, timeout=900)
        self.used = time.monotonic()

    def close(self):
        self.http.close()

    def send(self, method, path, body=None, headers=None):
        """Status, headers and bytes."""
        fields = {"Cookie": self.cookie, **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body, separators=(",", ":")).encode()
            fields["Content-Type"] = "application/json"
        # The server ends connections that nobody uses; the next request opens another.
        if time.monotonic() - self.used > IDLE:
            self.http.close()
        self.used = time.monotonic()
        self.http.request(method, path, data, fields)
        answer = self.http.getresponse()
        content = answer.read()
        return answer.status, answer.headers, content

    def ask(self, method, path, body=None):
        """The JSON of an answer."""
        status, _, content = self.send(method, "/api/1" + path, body)
        value = json.loads(content) if content else {}
        if status >= 400:
            raise Refused(status, value)
        return value

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body):
        return self.ask("POST", path, body)

    # Gestures

    def gesture(self, image, **values):
        return self.post(f"/images/{image}/gestures", {"key": str(uuid.uuid4()), "client": self.id, **values})

    def step(self, image, kind, **values):
        """Undo, redo or goto."""
        return self.post(f"/images/{image}/{kind}", {"key": str(uuid.uuid4()), "client": self.id, **values})

    # The model

    def until_ready(self, image, seconds=300):
        """Embeds an image, and waits for it."""
        self.post(f"/images/{image}/prepare", {})
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.post(f"/images/{image}/preview", {"y": 0, "x": 0, "client": self.id})["state"]
            if state == "ready":
                return
            if state == "failed":
                raise RuntimeError(f"image {image} can not be embedded")
            time.sleep(0.02)
        raise RuntimeError(f"image {image} was not ready in {seconds} s")

    def predict(self, image, prompts, **options):
        """The masks of one object."""
        body = {"objects": [{"id": 1, "prompts": prompts}], "options": options, "logits": False}
        return self.post(f"/images/{image}/predict", body)["masks"]

    # Pixels

    def plane(self, image, summary):
        """Rows of the first channel, as arrays of whole numbers."""
        height, width = summary["shape"]["y"], summary["shape"]["x"]
        kind = {"uint8": "B", "uint16": "H", "float32": "f"}[summary["dtype"]]
        rows = [array.array(kind, bytes(width * array.array(kind).itemsize)) for _ in range(height)]
        for top in range(0, height, 512):
            for left in range(0, width, 512):
                path = f"/api/1/images/{image}/pixels/0/0/0/{top // 512}/{left // 512}?c=0"
                status, headers, content = self.send("GET", path)
                if status != 200:
                    raise Refused(status, {})
                samples, length = array.array(kind, content), int(headers["X-Width"])
                for y in range(int(headers["X-Height"])):
                    rows[top + y][left : left + length] = samples[y * length : (y + 1) * length]
        return rows


class Events:
    """The event stream of a server, read by a thread of its own."""

    def __init__(self, server):
        self.seen = []
        self.changed = threading.Condition()
        self.http = http.client.HTTPConnection(server.host, server.port)
        cookie = f"usam_session_{server.token[:8]}={server.token}"
        self.http.request("GET", "/api/1/events", headers={"Cookie": cookie})
        self.answer = self.http.getresponse()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        name = ""
        try:
            for line in self.answer:
                if line.startswith(b"event: "):
                    name = line[7:].strip().decode()
                elif line.startswith(b"data: "):
                    with self.changed:
                        self.seen.append((time.perf_counter(), name, json.loads(line[6:])))
                        self.changed.notify_all()
        except (*GONE, ValueError, AttributeError):
            pass

    def wait(self, matches, seconds=300):
        """The first event that matches."""
        with self.changed:
            self.changed.wait_for(lambda: any(matches(*event) for event in self.seen), seconds)
            found = [event for event in self.seen if matches(*event)]
        if not found:
            raise RuntimeError(f"what was waited for did not happen in {seconds} s")
        return found[0]


def rectangle(y, x, height, width):
    """A mask that is full."""
    return {"box": [y, x, y + height, x + width], "runs": [0, height * width]}


def ellipse(y, x, height, width, hole=0.0):
    """An ellipse within a box, or a ring."""
    runs, inside = [0], False
    for row in range(height):
        for column in range(width):
            dy, dx = (row + 0.5) / height * 2 - 1, (column + 0.5) / width * 2 - 1
            is_set = hole <= dy * dy + dx * dx <= 1
            if is_set != inside:
                runs.append(0)
                inside = is_set
            runs[-1] += 1
    return {"box": [y, x, y + height, x + width], "runs": runs}
