"""Set up what the app needs, mend what is half made, and open the app in the browser.

The starters beside it (`start.bat`, `start.command`, `start.sh`) find a Python and call this with
it. Everything is from the standard library: nothing else is there yet.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

OLDEST = (3, 11)
NEWEST = (3, 13)
_WINDOWS = os.name == "nt"
_TOLD_OF_A_FAILURE = 6


class StartError(Exception):
    """What keeps the app from starting: a sentence in Chinese and one in English, with values."""

    def __init__(self, chinese: str, english: str, **values: object) -> None:
        super().__init__(f"{chinese}\n{english}".format(**values))


def main(arguments: Sequence[str] = ()) -> int:
    """Set up, then run the app until it ends; return its exit code, 1 where nothing could start."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # somebody else's stream
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # of a console it can
    root = Path(__file__).resolve().parent
    try:
        check_version(sys.version_info[:2])
        refuse_others(arguments, root)
        with only_one(root / ".venv.lock"):
            prepare(root)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    command = [str(python_of(root / ".venv")), "-m", "streamlit", "run", "app.py"]
    with suppress(KeyboardInterrupt):  # Ctrl-C is how a person ends it
        return subprocess.call([*command, "--server.headless=false", *arguments], cwd=root)
    return 0


def check_version(version: tuple[int, ...]) -> None:
    """Raise StartError unless the app runs with this version of Python."""
    if OLDEST <= version <= NEWEST:
        return
    shown = ".".join(map(str, version))
    raise StartError(
        "这里的 Python 是 {shown}，需要 3.11、3.12 或 3.13：https://www.python.org/downloads/",
        "This Python is {shown}; 3.11, 3.12 or 3.13 is needed.",
        shown=shown,
    )


def refuse_others(arguments: Sequence[str], root: Path) -> None:
    """Raise StartError where the app would listen to others without anybody signing in."""
    from curation.listening import refused  # noqa: PLC0415  (an old Python cannot read it)

    if refused(arguments, os.environ, [root, Path.home()]):
        raise StartError(
            "没有设置登录，所以不能让别的电脑访问：网络里的任何人都能看到这些聊天。"
            "自己使用请只监听 127.0.0.1；"
            "团队使用请先在 .streamlit/secrets.toml 里设置 [auth]，见 README 的“一个团队”。",
            "Other machines cannot be let in while nobody has to sign in: everybody in the network"
            " could read these chats. For yourself, listen on 127.0.0.1 alone; for a team, set up"
            " [auth] in .streamlit/secrets.toml first, see “A team” in the README.",
        )


def prepare(root: Path) -> bool:
    """Bring the environment of the app up to date; return whether there was anything to do.

    What was broken off is done again, and an environment whose Python no longer runs (moved,
    updated, copied from another machine) is made anew. Raises StartError where that fails.
    """
    folder = root / ".venv"
    stamp = folder / "ready"
    wanted = _wanted(root)
    if _runs(folder) and stamp.is_file() and stamp.read_text("utf-8").strip() == wanted:
        return False
    print("正在准备，第一次需要几分钟，请保持联网……")
    print("Getting ready. The first time takes a few minutes and needs the internet.", flush=True)
    with suppress(FileNotFoundError):
        stamp.unlink()
    try:
        if not _runs(folder):
            _make(folder)
        _install(folder, root / "requirements.txt")
        # Last: an installation that was broken off has none, and is done again.
        stamp.write_text(wanted + "\n", "utf-8")
    except OSError as error:
        raise StartError(
            "系统不让写入 {name} 文件夹（{reason}）。请把整个程序放到你能写入的地方再试。",
            "The folder {name} cannot be written ({reason}).",
            name=folder.name,
            reason=error.strerror or type(error).__name__,
        ) from error
    print("准备好了。Ready.", flush=True)
    return True


def python_of(folder: Path) -> Path:
    """Return where the Python of an environment is."""
    return folder / ("Scripts/python.exe" if _WINDOWS else "bin/python")


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Let no second window set up at the same time: both would break what the other makes.

    The lock goes with the process, so that nothing is left of one that was killed.
    """
    try:
        file = path.open("a")
    except OSError as error:
        raise StartError(
            "系统不让写入这个文件夹。请把它放到你能写入的地方再试。",
            "This folder cannot be written; move it to where you may write.",
        ) from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            raise StartError(
                "另一个窗口正在准备，等它好了再打开。", "Another window is getting ready already."
            ) from error
        yield


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  (on Windows alone)

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415  (everywhere else)

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _wanted(root: Path) -> str:
    """Return what tells whether an environment is of this Python and these packages."""
    version = ".".join(map(str, sys.version_info[:2]))
    packages = hashlib.sha256((root / "requirements.txt").read_bytes()).hexdigest()
    return f"{version} {packages}"


def _runs(folder: Path) -> bool:
    """Whether the environment's Python runs, is of our version, and can install."""
    python = python_of(folder)
    if not python.exists():
        return False
    asked = "import sys, pip; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [str(python), "-c", asked], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.split() == [str(n) for n in sys.version_info[:2]]


def _make(folder: Path) -> None:
    """Make the environment anew; a folder that is none of ours is left alone."""
    if folder.exists():
        if not (folder / "pyvenv.cfg").is_file() and any(folder.iterdir()):
            raise StartError(
                "这里已有一个不是本程序建立的 {name} 文件夹，请先把它改名。",
                "There is a folder {name} that this program did not make; rename it first.",
                name=folder.name,
            )
        shutil.rmtree(folder)
    print("[1/2] 建立环境 Making the environment", flush=True)
    try:
        venv.create(folder, with_pip=True)
    except subprocess.CalledProcessError as error:  # Debian's Python without python3-venv
        shutil.rmtree(folder, ignore_errors=True)
        raise StartError(
            "这个 Python 缺少 venv。在 Debian、Ubuntu 上先运行：sudo apt install python3-venv",
            "This Python lacks venv. On Debian and Ubuntu: sudo apt install python3-venv",
        ) from error


def _install(folder: Path, requirements: Path) -> None:
    """Install the packages, telling of each as it comes."""
    print("[2/2] 安装需要的包 Installing the packages", flush=True)
    command = [str(python_of(folder)), "-m", "pip", "install", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "-r", str(requirements)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as pip:
        last = _follow(pip.stdout or ())
    if pip.returncode:
        raise StartError(
            "{last}\n安装没有完成。检查网络后再打开一次，会接着做。",
            "The installation did not finish. Look at the network and start again.",
            last="\n".join(last),
        )


def _follow(lines: Iterable[str]) -> list[str]:
    """Tell of every package that pip fetches; return its last lines."""
    count = 0
    last: list[str] = []
    for raw in lines:
        line = raw.strip()
        if not line:
            continue
        last = [*last, line][-_TOLD_OF_A_FAILURE:]
        word, _blank, rest = line.partition(" ")
        if word == "Collecting":
            count += 1
            print(f"  {count:>3}  {rest.split()[0]}", flush=True)
        elif line.startswith("Installing collected packages"):
            print(f"  解压 {rest.count(',') + 1} 个包，还要一会儿…… Unpacking", flush=True)
    return last


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
