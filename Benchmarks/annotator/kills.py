#!/usr/bin/env python3
"""Kills the annotator at random moments while two clients work, and looks whether anything was lost.

Each round starts `usam annotate`, lets two clients send random gestures, undo and redo over HTTP, and ends the process with
SIGKILL after a random time (now and then while it is starting). As the page does, a client keeps what was not answered and
sends it again under the same key. At each start after a kill: every answered edit is in the history; answered requests that
are sent again get the same edit and say `repeated`; there is no edit that nobody made. Now and then `usam project check`.
After some rounds undo to the beginning and redo to the end give the same bytes, and a new project begins.

    python3 Benchmarks/annotator/kills.py --kills 1000
    python3 Benchmarks/annotator/kills.py --full-disk

The second line fills a small disk instead, ends the process there, makes room, goes on, and then takes the right to write away.
It mounts file systems in a name space of its own, for which it must be root on Linux.

Needs the standard library only.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from gestures import RandomGestures
from server import GONE, PROGRAM, Refused, Server

IMAGE = 1


class Lost(Exception):
    """Something is not as it was answered."""


def expect(condition, words):
    if not condition:
        raise Lost(words)


class Client:
    """One of the two: it sends until the server is gone."""

    def __init__(self, number, seed, counts):
        self.id = str(uuid.UUID(int=number + 1, version=4))
        self.gestures = RandomGestures(random.Random(seed), 512, 512)
        self.counts = counts
        self.open = None  # sent and not answered
        self.answered = []  # what was asked, and the edit that became current
        self.made = set()  # edits of answered gestures
        self.failure = None

    def work(self, server):
        connection = server.connect()
        try:
            if self.open:
                self.counts["sent again"] += 1
                self.send(connection, *self.open)
            while True:
                listed = connection.get(f"/images/{IMAGE}/objects")
                self.send(connection, *self.gestures.next(listed["objects"], self.id, listed["edit"]))
        except GONE:
            pass  # the server was killed
        except Exception as error:  # looked at by the main thread
            self.failure = error
        finally:
            connection.close()

    def send(self, connection, kind, body):
        self.open = (kind, body)
        try:
            answer = connection.post(f"/images/{IMAGE}/{kind}", body)
        except Refused as error:
            # Somebody else was faster, or a label was taken: these are answers, too.
            if error.code not in ("conflict", "no_object", "label_taken"):
                raise Lost(f"{kind} {json.dumps(body)}: {error}") from error
            self.counts["refused"] += 1
            self.open = None
            return
        self.counts["answered"] += 1
        if answer["repeated"]:
            self.counts["had been done without an answer"] += 1
        self.answered.append((kind, body, answer["edit"], answer["words"]))
        if kind == "gestures" and answer["words"] != "Nothing changed":
            self.made.add(answer["edit"])
        self.open = None


class Round:
    """A project and what its clients know."""

    def __init__(self, folder, seed, counts):
        self.folder, self.seed, self.counts = folder, seed, counts
        self.project = folder / "simulated.usam"
        self.clients = [Client(n, seed * 2 + n, counts) for n in range(2)]

    def server(self):
        return Server(self.folder / "simulated.tif", "--device", "cpu", log=self.folder / "log")

    def killed(self, pause):
        server = self.server()
        self.look(server)
        threads = [threading.Thread(target=client.work, args=(server,)) for client in self.clients]
        for thread in threads:
            thread.start()
        time.sleep(pause)
        server.kill()
        for thread in threads:
            thread.join()
        for client in self.clients:
            if client.failure:
                raise client.failure

    def killed_at_start(self, pause):
        """The process dies before it serves, or soon after."""
        process = subprocess.Popen(
            [PROGRAM, "annotate", str(self.folder / "simulated.tif"), "--no-browser", "--port", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def look(self, server):
        """All that was answered is there, once, and nothing else."""
        connection = server.connect()
        history = connection.get(f"/images/{IMAGE}/history")["edits"]
        edits = [edit["edit"] for edit in history]
        expect(len(edits) == len(set(edits)), "an edit stands twice in the history")
        for client in self.clients:
            own = {edit["edit"] for edit in history if edit["client"].lower() == client.id}
            lost = client.made - own
            expect(not lost, f"answered edits {sorted(lost)} are gone")
            # What was on its way may have been done; it is sent again, and then it is answered.
            unknown = own - client.made
            expect(len(unknown) <= (1 if client.open else 0), f"nobody made the edits {sorted(unknown)}")
            for kind, body, edit, words in client.answered[-3:]:
                answer = connection.post(f"/images/{IMAGE}/{kind}", body)
                expect(answer["repeated"], f"{words} was done twice")
                expect(answer["edit"] == edit, f"{words} has another edit now")
        connection.close()
        self.counts["looks"] += 1
        return len(edits)

    def walk(self, connection):
        """Undo to the beginning and redo to the end give the same bytes."""
        before = self.bytes(connection)
        steps = 0

        def step(kind):
            body = {"key": str(uuid.uuid4()), "client": self.clients[0].id}
            return connection.post(f"/images/{IMAGE}/{kind}", body)

        current = connection.get(f"/images/{IMAGE}/labels")["edit"]
        while step("undo")["canUndo"]:
            steps += 1
        expect(connection.get(f"/images/{IMAGE}/labels")["tiles"] == [], "the beginning is not empty")
        while connection.get(f"/images/{IMAGE}/labels")["edit"] != current:
            answer = step("redo")
            expect(answer["canRedo"] or answer["edit"] == current, "redo ends before the last edit")
        expect(self.bytes(connection) == before, "redo gives other bytes")
        self.counts["undone and redone"] += steps

    def bytes(self, connection):
        tiles = connection.get(f"/images/{IMAGE}/labels")["tiles"]
        paths = [f"/api/1/images/{IMAGE}/labels/{t['t']}/{t['z']}/{t['row']}/{t['col']}" for t in tiles]
        objects = connection.get(f"/images/{IMAGE}/objects")["objects"]
        return [connection.send("GET", path)[2] for path in paths], objects

    def check(self):
        result = subprocess.run(
            [PROGRAM, "project", "check", str(self.project)], capture_output=True, text=True, check=False
        )
        expect(result.returncode == 0, f"check: {result.stdout}{result.stderr}")
        self.counts["checks"] += 1


def run(options, folder, counts):
    generator = random.Random(options.seed)
    subprocess.run([PROGRAM, "sample"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    sample, number, kills = folder / "simulated.tif", 0, 0
    while kills < options.kills:
        number += 1
        place = folder / f"{number}"
        place.mkdir()
        shutil.copy(sample, place)
        this = Round(place, options.seed * 100_000 + number, counts)
        for _ in range(min(options.rounds, options.kills - kills)):
            if this.project.exists() and generator.random() < 0.1:
                this.killed_at_start(generator.uniform(0, 0.3))
                counts["kills at the start"] += 1
            else:
                this.killed(generator.uniform(0.01, options.longest))
            kills += 1
            counts["kills"] += 1
            # Not always, because it also leaves a file without a log for the next start.
            if generator.random() < 0.3:
                this.check()
        this.check()
        with this.server() as server:
            counts["edits"] += this.look(server)
            connection = server.connect()
            this.walk(connection)
            connection.close()
        this.check()
        shutil.rmtree(place)
        print(", ".join(f"{value} {name}" for name, value in counts.items()), flush=True)


def mount(folder, options):
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)


def fill(folder, counts, seed):
    """A disk of 3 MB: what was answered is there when nothing more can be written, and when there is room again."""
    mount(folder, "size=3m")
    subprocess.run([PROGRAM, "sample"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (folder / "simulated_truth.tif").unlink()
    this = Round(folder, seed, counts)
    client = this.clients[0]
    with this.server() as server:
        connection = server.connect()
        refusal = None
        while not refusal:
            body = {"key": str(uuid.uuid4()), "client": client.id, "kind": "commit", "rule": "overwrite"}
            body["mask"] = client.gestures.mask(200)
            try:
                answer = connection.post(f"/images/{IMAGE}/gestures", body)
                client.answered.append(("gestures", body, answer["edit"], answer["words"]))
                client.made.add(answer["edit"])
                counts["answered"] += 1
            except Refused as error:
                expect((error.status, error.code) == (507, "disk_full"), f"a full disk gives {error}")
                refusal = error
        edit = connection.get(f"/images/{IMAGE}/objects")["edit"]
        expect(edit == max(client.made), "after the refusal another edit is current")
        server.kill()
        connection.close()
    mount(folder, "remount,size=30m")
    this.killed(0.5)
    this.check()
    with this.server() as server:
        this.look(server)
        connection = server.connect()
        this.walk(connection)
        connection.close()
    this.check()
    mount(folder, "remount,ro")
    result = subprocess.run(
        [PROGRAM, "annotate", folder / "simulated.usam", "--no-browser"], capture_output=True, text=True, check=False)
    expect(result.returncode == 1 and "written" in result.stderr, f"a folder without right to write: {result}")
    print(f"full disk: {refusal}; afterwards {len(client.made)} edits of {client.id[-1]} are there")
    print(f"read only: {result.stderr.strip()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=10, help="kills of one project")
    parser.add_argument("--longest", type=float, default=0.6, help="seconds that a server lives at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full-disk", action="store_true", help="fill a disk instead of killing")
    options = parser.parse_args()
    if options.full_disk and "USAM_UNSHARED" not in os.environ:
        os.environ["USAM_UNSHARED"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
    names = (
        "kills", "kills at the start", "answered", "refused", "sent again", "had been done without an answer", "edits",
        "looks", "checks", "undone and redone",
    )
    counts = dict.fromkeys(names, 0)
    folder = Path(tempfile.mkdtemp(prefix="usam-kills-"))
    try:
        if options.full_disk:
            fill(folder, counts, options.seed)
        else:
            run(options, folder, counts)
    except (Lost, Refused, RuntimeError) as error:
        print(f"kills: {error}\nkills: the files are in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=options.full_disk)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
