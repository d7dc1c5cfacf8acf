"""kazoo's Election: it leads while its leader function does not return, which ends when the connection is
suspended, as kazoo's documentation advises."""
import json
import logging
import signal
import sys
import threading
import time

from kazoo.client import KazooClient, KazooState

logging.basicConfig(level=logging.ERROR)


class Candidate:
    def __init__(self):
        self.client = None
        self.election = None
        self.is_over = threading.Event()
        self.runner = None
        self.wanted = False

    def join(self, told):
        if self.client is None:
            self.client = KazooClient(hosts=told["connect"], timeout=told["sessionTimeoutMs"] / 1000)
            self.client.add_listener(self.hear)
            self.client.start(timeout=30)
        if self.wanted:
            return
        if self.runner is not None:
            self.runner.join()
        self.wanted = True
        self.runner = threading.Thread(target=self.run, args=(told,), daemon=True)
        self.runner.start()

    def run(self, told):
        while self.wanted:
            self.election = self.client.Election(told["election"], str(told["candidate"]))
            self.election.run(self.lead)

    def lead(self):
        self.is_over.clear()
        say("leading")
        if self.wanted and self.client.connected:
            self.is_over.wait()
        say("ended")

    def hear(self, state):
        if state in (KazooState.SUSPENDED, KazooState.LOST):
            self.is_over.set()

    def resign(self):
        self.wanted = False
        if self.election is not None:
            self.election.cancel()
        self.is_over.set()

    def leave(self):
        self.resign()
        if self.client is not None:
            self.client.stop()


def say(kind):
    print(json.dumps({"type": kind, "at": time.monotonic_ns()}), flush=True)


candidate = Candidate()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(candidate.leave()))
for line in sys.stdin:
    instruction = json.loads(line)
    if instruction["type"] == "join":
        candidate.join(instruction)
    elif instruction["type"] == "resign":
        candidate.resign()
    else:
        break
candidate.leave()
