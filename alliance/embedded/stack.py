"""The quick start: database, web, worker and clock on one machine, from one command."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

from alliance.embedded import checks, stamp
from alliance.embedded.keys import load_keys, write_private
from alliance.embedded.places import CannotStart, Places, database_account, places
from alliance.embedded.postgres import APP, OWNER, Cluster, Passwords, database_home, find_binaries
from alliance.embedded.processes import Spec
from alliance.embedded.programs import Programs, log_file
from alliance.embedded.state import is_healthy, only_one, reachable, read_state, tail
from alliance.embedded.supervisor import Stopped, Supervisor, end_leftovers

LONGEST_START = 120.0
TOO_MANY_DEATHS = 3
OWN_SECRETS = ("SECRET_KEY", "PRIVACY_KEYS", "PRIVACY_INDEX_KEY")


class Stack:
    """One run of the quick start."""

    def __init__(self, where: Places, environment: Mapping[str, str]) -> None:
        self.where, self.given = where, environment
        self.port = checks.port_from(environment)
        self.host = environment.get("HOST") or "127.0.0.1"
        self.url = f"http://{reachable(self.host)}:{self.port}"
        self.demo = environment.get("DEMO", "1") != "0"
        self.began = time.monotonic()
        self.addresses: dict[str, str] = {}
        self.env: dict[str, str] = {}

    def run(self) -> int:
        """Start everything and stay until asked to stop. The exit code is 0 after a clean stop."""
        if self.given.get("DATABASE_URL"):
            self.addresses = checks.require_database(self.given)
        checks.require_broker(self.given)
        self.where.create()
        with only_one(self.where):
            end_leftovers(self._marks_of_last_run(), self.say)
            checks.require_free_port(self.host, self.port)
            keys = load_keys(self.where.secrets)
            try:
                self._run_until_stopped(keys)
            finally:
                self.where.state.unlink(missing_ok=True)
        self.say("已停止，没有留下进程 (stopped)")
        return 0

    def say(self, text: str) -> None:
        """A progress line with the seconds since the start."""
        print(f"[{time.monotonic() - self.began:5.1f}s] {text}", flush=True)

    def _run_until_stopped(self, keys: Mapping[str, str]) -> None:
        with Supervisor(self.say) as supervisor:
            supervisor.changed = lambda: self._remember(supervisor)
            try:
                self._start(supervisor, keys)
                while True:
                    supervisor.pause(0.5)
                    supervisor.look()
            except Stopped:
                self.say("正在停止… (stopping)")

    def _start(self, supervisor: Supervisor, keys: Mapping[str, str]) -> None:
        if not self.addresses:
            self._start_database(supervisor, keys)
        self.env = {
            "DJANGO_SETTINGS_MODULE": "alliance.settings.local",
            **{name: keys[name] for name in OWN_SECRETS},
            # For the links in text messages. What listens on every address has no one address of its own.
            **({"SITE_URL": self.url} if reachable(self.host) == self.host else {}),
            **self.given,
            "DATABASE_URL": self.addresses["DATABASE_URL"],
            "TONGXIN_VAR": str(self.where.var),
            "PORT": str(self.port),
            "DEMO": "1" if self.demo else "0",
            "PYTHONUNBUFFERED": "1",
        }
        self.env.pop("DATABASE_OWNER_URL", None)  # only the migration acts as the owner
        programs = Programs(self.where, self.host, self.port, self.env)
        self._prepare_database(supervisor, programs, keys["cluster"])
        self.say("启动网站、后台任务、定时器 (web, worker, beat)")
        # The site first: on two cores it answers sooner when the others do not load beside it.
        supervisor.keep("web", programs.web)
        self._wait_until_healthy(supervisor)
        supervisor.keep("worker", programs.worker)
        supervisor.keep("beat", programs.beat)
        self._greet()

    def _start_database(self, supervisor: Supervisor, keys: Mapping[str, str]) -> None:
        self.say("启动数据库 PostgreSQL (database)")
        home = database_home(self.where.database)
        cluster = Cluster(
            # Named after the secrets: a fresh copy in an old folder must not meet data it has no keys for.
            home / f"data-{keys['cluster']}",
            find_binaries(home),
            Passwords(keys["superuser_password"], keys["owner_password"], keys["app_password"]),
            account=database_account(),
            log=log_file(self.where, "postgres"),
        )
        cluster.prepare()
        supervisor.adopt("postgres", cluster.start(), cluster.spec)
        cluster.create_roles()
        self.addresses = {"DATABASE_URL": cluster.url(APP), "DATABASE_OWNER_URL": cluster.url(OWNER)}

    def _prepare_database(self, supervisor: Supervisor, programs: Programs, cluster: str) -> None:
        """Tables, defaults and, in an empty database, the demo; skipped when nothing has changed since."""
        remembered, accounts = self.where.run / "prepared", self.where.run / "accounts.txt"
        code = stamp.code_stamp(cluster, str(self.demo))
        if not self.given.get("DATABASE_URL") and stamp.matches(remembered, code):
            return
        remembered.unlink(missing_ok=True)
        self.say("准备数据表 (migrate)")
        owner = {"DATABASE_OWNER_URL": self.addresses["DATABASE_OWNER_URL"], "TONGXIN_AS_OWNER": "1"}
        self._finish(supervisor, programs.manage("migrate", "--no-input", env=owner))
        self.say("准备初始配置和演示数据 (defaults, demo)" if self.demo else "准备初始配置 (defaults)")
        self._finish(supervisor, programs.manage("setup", talks=True, env=owner))
        accounts.unlink(missing_ok=True)
        if self.demo:
            self._finish(supervisor, programs.manage("demo_accounts", log=accounts))
        write_private(remembered, code)

    def _finish(self, supervisor: Supervisor, spec: Spec) -> None:
        if supervisor.finish(spec):
            raise CannotStart(f"manage.py {spec.name} 失败 (failed)：\n{_end_of(spec.log)}")

    def _wait_until_healthy(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + LONGEST_START
        while not is_healthy(self.host, self.port):
            supervisor.look()
            for name, kept in supervisor.kept.items():
                if kept.deaths >= TOO_MANY_DEATHS:
                    raise CannotStart(f"{name} 起不来 (keeps dying)：\n{_end_of(log_file(self.where, name))}")
            if time.monotonic() > deadline:
                web = log_file(self.where, "web")
                raise CannotStart(f"网站迟迟没有应答 (no answer)：\n{_end_of(web)}")
            supervisor.pause(0.1)

    def _greet(self) -> None:
        self.say(f"就绪 (ready)：{self.url}")
        accounts = self.where.run / "accounts.txt"
        if self.demo and accounts.exists():
            print("\n  演示账号和密码 (demo accounts and passwords)", flush=True)
            for line in accounts.read_text("utf-8").splitlines():
                print(f"    {line.expandtabs(20)}", flush=True)
            print(flush=True)
        if self.demo and not self.host.startswith("127."):
            print("  注意：演示账号的密码是公开的，别的机器现在也能打开 (demo passwords are public)", flush=True)
        print(f"  居民页面 {self.url}/   工作台 {self.url}/admin/   接口 {self.url}/api/v1/docs/", flush=True)
        print("  按 Ctrl-C 停止 (press Ctrl-C to stop)", flush=True)

    def _marks_of_last_run(self) -> dict[str, tuple[int, str]]:
        marks = read_state(self.where).get("marks", {})
        return {name: (int(pid), str(mark)) for name, (pid, mark) in marks.items()}

    def _remember(self, supervisor: Supervisor) -> None:
        """What ``status``, ``manage`` and the start after a crash need to know."""
        names = ("DJANGO_SETTINGS_MODULE", *OWN_SECRETS, "TONGXIN_VAR", "DEMO")
        own = {name: self.env[name] for name in names if name in self.env}
        state = {"pid": os.getpid(), "url": self.url, "host": self.host, "port": self.port}
        state |= {"marks": supervisor.marks(), "addresses": self.addresses, "env": own}
        write_private(self.where.state, json.dumps(state, indent=1))


def _end_of(log: Path | None) -> str:
    return f"{tail(log)}\n完整日志 (log)：{log}" if log else ""


def start() -> int:
    return Stack(places(), os.environ).run()
