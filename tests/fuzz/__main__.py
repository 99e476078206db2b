"""Look for inputs that break a promise of `targets`, for a time.

    python -m tests.fuzz TARGET SECONDS     # needs Atheris: requirements-fuzz.txt
    python -m tests.fuzz all SECONDS        # so long each, one after the other
    python -m tests.fuzz --list

What is found lies in the folder `found` that git does not keep. Mend the cause, then move the
input into `corpus/TARGET/`: the usual tests replay all that is there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

FOUND: Final = Path(__file__).parent / "found"
WORK: Final = Path(__file__).parent / "work"
_TRIES: Final = 4096
"""The largest input, unless a seed is larger."""


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target; ends the process."""
    import atheris  # noqa: PLC0415  (optional)

    with atheris.instrument_imports(include=["curation", "json", "csv", "zipfile", "html"]):
        from tests.fuzz import targets  # noqa: PLC0415  (instrumented while imported)
    target = targets.targets()[name]
    work, found = WORK / name, FOUND / name
    for folder in (work, found):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds:
        (work / f"golden-{seed.parent.name}").write_bytes(seed.read_bytes())
    if target.part:
        (work / "golden-part").write_bytes(target.part)
    kept = targets.CORPUS / name
    largest = max([_TRIES, *(each.stat().st_size for each in work.iterdir())])
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={min(largest, 32 * _TRIES)}",
        f"-artifact_prefix={found}/",
        f"-dict={Path(__file__).with_name('words.dict')}",
        "-timeout=20",
        "-len_control=0",
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
    ]
    folders = [str(work), *([str(kept)] if kept.is_dir() else [])]
    atheris.Setup([sys.argv[0], *options, *folders], target.run)
    atheris.Fuzz()


def main(arguments: list[str]) -> int:
    """Do what the command line says; returns the exit code."""
    from tests.fuzz.targets import targets  # noqa: PLC0415  (`fuzz` instruments it)

    match arguments:
        case ["--list"]:
            print("\n".join(targets()))
            return 0
        case ["all", seconds]:
            codes = {
                name: subprocess.call([sys.executable, "-m", "tests.fuzz", name, seconds])
                for name in targets()
            }
            for name, code in codes.items():
                print(f"{name:<24}{'found something' if code else 'nothing found'}")
            return int(any(codes.values()))
    print(__doc__)
    return 2


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] != "all" and sys.argv[2].isdigit():
        fuzz(sys.argv[1], int(sys.argv[2]))
    sys.exit(main(sys.argv[1:]))
