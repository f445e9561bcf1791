"""Residents who post and, as people do, tap again until they are answered."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

TIMEOUT, PATIENCE, PAUSE = 15.0, 60.0, 0.1
AREAS = ("330109001048", "330109001028", "330109001027", "330109001", "330114001003")
NUMBER = re.compile(r"XQ-[A-Z]{2,4}-\d{8}-\d{4,}")
Answer = tuple[int, dict[str, str], str]


@dataclass
class Post:
    """One need, said once, however often it has to be sent."""

    words: str
    area: str
    phone: str
    ip: str
    by_form: bool
    impatient: bool
    taps_again: bool
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    acknowledged: bool = False
    number: str = ""
    tries: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    problem: str = ""
    took: float = 0.0
    """Seconds from sending it the last time to its answer."""


def posts(count: int, random: Random) -> list[Post]:
    """``count`` different needs: one in eight by the form, some given up and sent again, some sent twice."""
    run = f"{random.getrandbits(32):08x}"
    return [
        Post(
            words=f"【{run}-{index:05d}】单元门的锁坏了，晚上关不上。\n楼里老人多，请来看看。",
            area=random.choice(AREAS),
            phone=f"139{random.randrange(10**4):04d}{index:04d}",
            ip=f"10.{index >> 16 & 255}.{index >> 8 & 255}.{index & 255}",
            by_form=index % 8 == 7,
            impatient=random.random() < 0.1,
            taps_again=random.random() < 0.1,
        )
        for index in range(count)
    ]


class Residents:
    """Threads that send posts until each is answered. Once one has waited in vain, the rest is not sent."""

    def __init__(self, port: int, todo: Sequence[Post], threads: int) -> None:
        self.port, self.todo, self.waiting = port, todo, list(reversed(todo))
        self.answered = threading.Semaphore(0)
        self.hopeless = False
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def finish(self) -> None:
        for thread in self.threads:
            thread.join()

    def await_answers(self, count: int) -> None:
        """Until ``count`` more posts have been answered (or given up)."""
        for _ in range(count):
            self.answered.acquire()

    def _work(self) -> None:
        while True:
            with self.lock:
                if not self.waiting:
                    return
                post = self.waiting.pop()
            try:
                if self.hopeless:
                    raise TimeoutError("not sent: another waited in vain")
                (_by_form if post.by_form else _by_api)(self.port, post)
            except Exception as error:  # a thread must not die unseen: the proof counts it as a failure
                post.problem = f"{type(error).__name__}: {error}"
                self.hopeless = self.hopeless or isinstance(error, TimeoutError)
            finally:
                self.answered.release()


def _by_api(port: int, post: Post) -> None:
    if post.impatient:
        _send_and_leave(port, post)
    post.number = _insist(post, lambda: _post_json(port, post), 201)
    post.acknowledged = True
    if post.taps_again and (again := _insist(post, lambda: _post_json(port, post), 201)) != post.number:
        post.problem = f"a second tap got {again} after {post.number}"


def _insist(post: Post, send: Callable[[], Answer], wanted: int) -> str:
    """Send until answered as ``wanted``; the number in the answer. What broke on the way is counted."""
    deadline = time.monotonic() + PATIENCE
    while True:
        post.tries += 1
        sent_at = time.monotonic()
        try:
            status, _headers, body = send()
            post.took = time.monotonic() - sent_at
        except (OSError, http.client.HTTPException) as error:
            trouble = type(error).__name__
        else:
            if status == wanted:
                found = NUMBER.search(body)
                return found.group() if found else ""
            trouble = str(status)
            if status < 500:
                raise AssertionError(f"answered {status}: {body[:200]}")
        post.troubles[trouble] += 1
        if time.monotonic() > deadline:
            raise TimeoutError(f"no answer in {PATIENCE:g} s, last {trouble}")
        time.sleep(PAUSE)


def _payload(post: Post) -> str:
    said = {"client_key": post.key, "words": post.words, "community": post.area, "place": "湘湖路小区 6幢"}
    who = {"name": "赵阿婆", "phone": post.phone, "consent": True, "notice_version": 1}
    return json.dumps(said | who)


def _headers(post: Post, kind: str) -> dict[str, str]:
    return {"Content-Type": kind, "X-Forwarded-For": post.ip}


def _post_json(port: int, post: Post) -> Answer:
    return _ask(port, "POST", "/api/v1/needs/", _payload(post), _headers(post, "application/json"))


def _send_and_leave(port: int, post: Post) -> None:
    """Sent, and gone before the answer: whether it arrived nobody knows."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("POST", "/api/v1/needs/", _payload(post).encode(), _headers(post, "application/json"))
    except OSError as error:
        post.troubles[type(error).__name__] += 1
    finally:
        connection.close()


def _ask(port: int, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request(method, path, body.encode(), headers)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        cookies = "; ".join(value.partition(";")[0] for value in response.headers.get_all("Set-Cookie") or ())
        return response.status, {"location": response.headers.get("Location", ""), "cookies": cookies}, text
    finally:
        connection.close()


def _by_form(port: int, post: Post) -> None:
    """The three steps in a browser's manner: cookies kept, every step tried again until it is answered."""
    cookies: dict[str, str] = {}

    def ask(method: str, path: str, **typed: str) -> Answer:
        headers = _headers(post, "application/x-www-form-urlencoded")
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if method == "POST":
            typed["csrfmiddlewaretoken"] = cookies["csrftoken"]
        answer = _ask(port, method, path, urllib.parse.urlencode(typed), headers)
        for pair in filter(None, answer[1]["cookies"].split("; ")):
            name, _sep, value = pair.partition("=")
            cookies[name] = value
        return answer

    _insist(post, lambda: ask("GET", "/say/"), 200)
    _insist(post, lambda: ask("POST", "/say/", words=post.words), 302)
    _insist(post, lambda: ask("POST", "/say/where/", community=post.area, place="湘湖路小区 6幢", spot=""), 302)
    contact = {"name": "赵阿婆", "phone": post.phone, "consent": "on", "notice_version": "1", "for_other": "self"}
    _insist(post, lambda: ask("POST", "/say/contact/", **contact), 302)
    post.acknowledged = True  # the redirection says so, the receipt shows the number
    post.number = _insist(post, lambda: ask("GET", "/say/done/"), 200)
