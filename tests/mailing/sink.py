"""A mail server that takes mails and fails as it is told: in a thread, or as a process of its own.

    python tests/mailing/sink.py FOLDER DROP REFUSE SECONDS

writes its port to FOLDER/port and each mail that it took as a line of JSON to FOLDER/taken; for so
many seconds from the first mail on it drops and refuses these shares of all mails.
"""

import contextlib
import json
import random
import socketserver
import sys
import threading
import time
from email import message_from_bytes, policy
from pathlib import Path

# In the order of a session; what can go wrong is asked for at each.
STAGES = ["connect", "ehlo", "mail", "rcpt", "data", "answer"]
USUAL = {
    "connect": "220 sink",
    "ehlo": "250-sink\r\n250-SIZE 10000000\r\n250 8BITMIME",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go on",
    "answer": "250 taken",
}
# Instead of an answer: close the connection, keep it open in silence, or (at "answer") close it
# without having taken the message.
DROP, HANG, LOSE = "drop", "hang", "lose"

PAUSES = {"rcpt": 0.04, "answer": 0.04}  # seconds; of the stormy one alone


class Sink(socketserver.ThreadingTCPServer):
    """`answers` maps a stage to what is done there instead of the usual answer."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answers=None):
        super().__init__(("127.0.0.1", 0), Session)
        self.answers = answers or {}
        self.taken = []
        self.seen = []
        self.released = threading.Event()
        self.lock = threading.Lock()

    @property
    def port(self):
        return self.server_address[1]

    def answer_at(self, stage, session):
        return self.answers.get(stage, USUAL[stage])

    def take(self, content):
        with self.lock:
            self.taken.append(message_from_bytes(content, policy=policy.default))

    def stop(self):
        self.released.set()
        self.shutdown()
        self.server_close()


class Session(socketserver.StreamRequestHandler):
    recipient = ""

    def handle(self):
        # The client may be killed at any moment.
        with contextlib.suppress(OSError, StopIteration):
            self.step("connect")
            while line := self.rfile.readline():
                self.obey(line.decode().strip())

    def obey(self, line):
        word = line.split(" ")[0].split(":")[0].upper()
        self.server.seen.append(word)
        if word in {"EHLO", "HELO"}:
            self.step("ehlo")
        elif word == "MAIL":
            self.step("mail")
        elif word == "RCPT":
            self.recipient = line.partition("<")[2].partition(">")[0]
            self.step("rcpt")
        elif word == "DATA":
            self.read_message()
        else:
            self.say("221 bye" if word == "QUIT" else "250 ok")

    def read_message(self):
        if not self.step("data").startswith("354"):
            return
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not line:
            raise StopIteration
        answer = self.server.answer_at("answer", self)
        if answer in {DROP, HANG} or answer.startswith("250"):
            self.server.take(b"".join(lines))
        self.act(answer)

    def step(self, stage):
        answer = self.server.answer_at(stage, self)
        self.act(answer)
        return answer

    def act(self, answer):
        if answer == HANG:
            self.server.released.wait(30)
        if answer in {DROP, LOSE, HANG}:
            raise StopIteration
        self.say(answer)

    def say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())


@contextlib.contextmanager
def running(sink):
    thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sink
    finally:
        sink.stop()
        thread.join()


class StormySink(Sink):
    """Drops and refuses at random, and remembers in a file what it took."""

    request_queue_size = 50

    def __init__(self, folder, drop, refuse, seconds):
        super().__init__()
        self.folder = folder
        self.drop = drop
        self.refuse = refuse
        self.seconds = seconds
        self.calm_at = 0

    def answer_at(self, stage, session):
        # As slow as a server is, so that workers are killed at every stage.
        time.sleep(PAUSES.get(stage, 0))
        if stage == "connect":
            # Decided once a mail, so that the shares are those of mails.
            session.fate = self.fate()
        return session.fate.get(stage, USUAL[stage])

    def fate(self):
        self.calm_at = self.calm_at or time.monotonic() + self.seconds
        if time.monotonic() > self.calm_at:
            return {}
        chance = random.random()
        if chance < self.drop:
            return {random.choice(STAGES): DROP}
        if chance < self.drop + self.refuse:
            return {random.choice(["rcpt", "answer"]): "451 later, please"}
        return {}

    def take(self, content):
        message = message_from_bytes(content, policy=policy.default)
        line = {"id": message["Message-ID"], "to": message["To"].addresses[0].addr_spec}
        with self.lock, open(self.folder / "taken", "a") as file:
            file.write(json.dumps({**line, "at": time.time()}) + "\n")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    sink = StormySink(folder, *map(float, sys.argv[2:5]))
    (folder / "port.new").write_text(str(sink.port))
    (folder / "port.new").rename(folder / "port")
    sink.serve_forever()
