"""The command line: `python -m curation COMMAND`.

Results go to standard output, messages to standard error, both in UTF-8; the exit code is 0 only
on success, 1 after an error in one sentence, 2 for wrong usage, 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import errno
import getpass
import json
import os
import signal
import sys
from collections import Counter
from contextlib import suppress
from io import UnsupportedOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from curation.errors import (
    N_,
    BadFileError,
    RuwoError,
    WorkspaceDamagedError,
    WorkspaceError,
    WorkspaceLockedError,
)
from curation.export_arguments import add_export_arguments, export_options
from curation.scheduler_arguments import add_scheduler_arguments, chosen_scheduler

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from curation.model import ReadOptions, Replacement
    from curation.store import Workspace
    from curation.store.backup import BackupInfo
    from curation.workflow.export_report import ExportReport
    from curation.workflow.inspecting import Inspection

FAILED: Final = 1
INTERRUPTED: Final = 130
TERMINATED: Final = 143

FROM_FILE: Final = "RUWO_PASSPHRASE_FILE"
"""Names a file whose first line is the passphrase: for commands that nobody sits before."""

OF_BACKUP: Final = "RUWO_BACKUP_PASSPHRASE_FILE"
"""The same for a backup that was made with another passphrase than the workspace has."""

_SAMPLE_WIDTH: Final = 40
_UNPRINTABLE: Final = {
    **dict.fromkeys(range(0x20), " "),
    **dict.fromkeys(range(0x7F, 0xA0), " "),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""),
    ord("\n"): "⏎",
}
"""Chat text must not reach the terminal's controls, nor turn the reading direction."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; `arguments` default to the program's own."""
    _speak_utf8()
    chosen = _parser().parse_args(arguments)
    try:
        code = chosen.run(chosen)
        sys.stdout.flush()
    except WorkspaceDamagedError as error:
        _tell_damaged(error)
        return FAILED
    except RuwoError as error:
        _warn(str(error))
        return FAILED
    except KeyboardInterrupt:
        print("ruwo: stopped.", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        return _refused(error)
    return code or 0


def _warn(sentence: str) -> None:
    """Say one sentence on standard error."""
    print(f"ruwo: {sentence.translate(_UNPRINTABLE)}", file=sys.stderr)


def _tell_damaged(error: WorkspaceDamagedError) -> None:
    """Say that the workspace is damaged, and what can take its place."""
    from curation.workflow import mending  # noqa: PLC0415  (see below)

    _warn(str(error))
    for offer in mending.offers(error)[:1]:
        since = "" if offer.lost is None else f"; {offer.lost} actions came after it"
        _warn(
            f"the newest copy is of {offer.backup.at.isoformat()}{since}. This lets it take the"
            f" workspace's place and keeps the damaged file: python -m curation restore"
            f" {offer.backup.path}"
        )


def _refused(error: OSError) -> int:
    """Say what the operating system refused; a reader that has enough is no news."""
    # Windows reports a closed pipe as an invalid argument.
    if not isinstance(error, BrokenPipeError) and error.errno != errno.EINVAL:
        reason = error.strerror or type(error).__name__
        print(f"ruwo: the system refused: {reason}", file=sys.stderr)
    # What is still buffered cannot be written either, and the interpreter would complain about it.
    with suppress(UnsupportedOperation):  # a caller's own stream, which is theirs to close
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m curation",
        description="From your own chats to a clean persona dataset, on your own machine.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    opening = commands.add_parser("open", help="open the app in the browser, on your workspace")
    _add_server(opening)
    opening.set_defaults(run=_open)

    demo = commands.add_parser("demo", help="open the app on a sample, which is gone afterwards")
    _add_server(demo)
    demo.set_defaults(run=_demo)

    inspect = commands.add_parser("inspect", help="show what a file holds; nothing is stored")
    inspect.add_argument("file", type=_path, metavar="FILE")
    inspect.add_argument("--me", type=_name, metavar="NAME", help="which sender is you")
    _add_zone(inspect)
    inspect.add_argument("--jsonl", action="store_true", help="one JSON object per message")
    inspect.set_defaults(run=_inspect)

    detect = commands.add_parser("detect", help='find private data in JSON lines {"id", "text"}')
    detect.set_defaults(run=_detect)

    build = commands.add_parser("build", help="the whole job: chats in, dataset out")
    build.add_argument("files", type=_path, nargs="+", metavar="FILE")
    build.add_argument(
        "--me", type=_name, metavar="NAME", help="which sender is you, where a file is silent"
    )
    _add_zone(build)
    build.add_argument("--persona", type=_path, metavar="JSON", help="who the digital self is")
    build.add_argument(
        "--replace",
        type=_replacement,
        action="append",
        default=[],
        metavar="ENTITY=WAY",
        help="what stands for private details of a kind: placeholder (as long as nothing is said),"
        " partial, surrogate, or remove for the whole message; may be given several times",
    )
    build.add_argument("--out", type=_path, required=True, metavar="DIR", help="where to write")
    add_export_arguments(build)
    add_scheduler_arguments(build)
    build.set_defaults(run=_build)

    _add_import_and_convert(commands)

    scan = commands.add_parser(
        "scan", help="search the workspace for private data and for what to suggest, in bulk"
    )
    add_scheduler_arguments(scan)
    scan.set_defaults(run=_scan)

    backup = commands.add_parser(
        "backup", help="write the whole workspace to one file; nothing is masked"
    )
    backup.add_argument("file", type=_path, metavar="FILE.ruwo")
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    backup.add_argument(
        "--plain", action="store_true", help="of an encrypted workspace: without a passphrase"
    )
    backup.set_defaults(run=_backup)

    restore = commands.add_parser(
        "restore", help="let a backup be the workspace; a copy of the old one is kept"
    )
    restore.add_argument("file", type=_path, metavar="FILE.ruwo")
    restore.add_argument(
        "--plain",
        action="store_true",
        help="in place of a damaged workspace that had a passphrase: without one",
    )
    restore.set_defaults(run=_restore)

    stats = commands.add_parser("stats", help="counts of the workspace")
    stats.add_argument("--json", action="store_true", help="as one JSON object")
    stats.set_defaults(run=_stats)
    return parser


def _add_import_and_convert(commands: Any) -> None:
    into = commands.add_parser("import", help="put what is new in chats into the workspace")
    into.add_argument("files", type=_path, nargs="+", metavar="FILE")
    into.add_argument(
        "--me", type=_name, metavar="NAME", help="which sender is you, where a file is silent"
    )
    into.set_defaults(run=_import)

    convert = commands.add_parser(
        "convert",
        help="chats to ChatLab 0.0.2 JSON lines, or to Parquet, for other tools; nothing is masked",
    )
    convert.add_argument("files", type=_path, nargs="+", metavar="FILE")
    convert.add_argument(
        "out", type=_path, metavar="OUT.jsonl", help="of several chats, each gets a file beside it"
    )
    convert.add_argument(
        "--me", type=_name, metavar="NAME", help="which sender is you, where a file is silent"
    )
    _add_zone(convert)
    convert.add_argument("--force", action="store_true", help="replace a file that is there")
    convert.add_argument(
        "--parquet",
        action="store_true",
        help="into the folder OUT, as Parquet with this program's own columns, which lose nothing",
    )
    convert.set_defaults(run=_convert)


def _add_server(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=_port, help="otherwise the first free one from 8501 on")
    command.add_argument("--no-browser", action="store_true", help="say the address only")


def _port(argument: str) -> int:
    """Return the number of a port that may be listened on."""
    if not (argument.isascii() and argument.isdigit() and 0 < int(argument) < 1 << 16):
        msg = f"{argument} is no port: 1 to 65535"
        raise argparse.ArgumentTypeError(msg)
    return int(argument)


def _add_zone(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--zone",
        type=_zone,
        metavar="NAME",
        help="time zone of the chats, such as Europe/Berlin; otherwise that of China",
    )


def _zone(argument: str) -> str:
    """Return the name of a time zone that there is."""
    try:
        return ZoneInfo(argument).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        msg = f"no time zone is called {argument}"
        raise argparse.ArgumentTypeError(msg) from exc


def _name(argument: str) -> str:
    """Return a name as it was typed, also where the system does not expect UTF-8."""
    return os.fsencode(argument).decode("utf-8", "replace") if _broken(argument) else argument


def _path(argument: str) -> Path:
    """Return a path; nothing at all, as of an unset variable, is none and not this folder."""
    if not argument.strip():
        msg = "the name is empty"
        raise argparse.ArgumentTypeError(msg)
    return Path(argument)


def _replacement(argument: str) -> tuple[str, Replacement]:
    """Return an entity and what stands for its values."""
    from curation.model import Replacement  # noqa: PLC0415  (pandas, see below)
    from curation.workflow.replacements import REPLACED, replacement_ways  # noqa: PLC0415  (as above)

    entity, _sign, way = argument.partition("=")
    if entity not in REPLACED:
        msg = f"there is no kind {entity!r}; the kinds are {', '.join(REPLACED)}"
        raise argparse.ArgumentTypeError(msg)
    ways = replacement_ways(entity)
    if way not in ways:
        msg = f"for {entity} it can be {', '.join(ways)}"
        raise argparse.ArgumentTypeError(msg)
    return entity, Replacement(way)


def _broken(argument: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in argument)


# The workflow is imported inside the commands: pandas and the database take a second, and --help
# or a mistyped option should not wait for them.


def _open_workspace(*, replaced: bool = False) -> Workspace:
    """Return the workspace; that of an encrypted one is asked for its passphrase.

    `replaced` says that another takes its place: then it may be one that nobody can open any more.
    """
    from curation import workflow  # noqa: PLC0415  (see above)

    try:
        return workflow.open_workspace()
    except WorkspaceLockedError:
        _unlock(replaced=replaced)
        return workflow.open_workspace()


def _unlock(*, replaced: bool) -> None:
    """Unlock the workspace; WorkspaceDamagedError where it may be damaged and is not unlocked."""
    from curation import workflow  # noqa: PLC0415  (see above)

    doubt = workflow.perhaps_damaged()
    given_up = workflow.locked_out() if replaced else None
    hint = " (Enter where nobody has it)" if given_up else ""
    hint = " (Enter where it never had one)" if doubt else hint
    try:
        phrase = _told_passphrase(FROM_FILE) or _asked_passphrase(
            f"Passphrase of the workspace{hint}: "
        )
        if given_up is not None and not phrase:
            raise given_up
        workflow.unlock(phrase)
    except WorkspaceError as error:
        if doubt is None:
            raise
        raise doubt from error


def _told_passphrase(variable: str) -> str | None:
    """Return the first line of the file that a variable names, None without one."""
    named = os.environ.get(variable)
    if not named:
        return None
    try:
        first, *_rest = Path(named).read_text(encoding="utf-8-sig").splitlines() or [""]
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(named, N_("the passphrase cannot be read from it")) from error
    if not first:
        raise BadFileError(named, N_("the passphrase cannot be read from it"))
    return first


def _asked_passphrase(prompt: str, variable: str = FROM_FILE) -> str:
    """Return what a person types, unseen; WorkspaceError where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise WorkspaceError(
            N_(
                "A passphrase is needed: run this in a terminal, or name a file with it by"
                " {variable}."
            ),
            variable=variable,
        )
    return getpass.getpass(prompt)


def _options(chosen: argparse.Namespace) -> ReadOptions:
    from curation.model import ReadOptions  # noqa: PLC0415  (see above)

    return ReadOptions(zone=chosen.zone) if chosen.zone else ReadOptions()


def _open(chosen: argparse.Namespace) -> int:
    from curation.workflow import opening  # noqa: PLC0415  (see above)

    return opening.serve(port=chosen.port, browser=not chosen.no_browser)


def _demo(chosen: argparse.Namespace) -> int:
    from curation.workflow import opening  # noqa: PLC0415  (see above)

    with opening.sample_workspace() as workspace:
        return opening.serve(workspace, port=chosen.port, browser=not chosen.no_browser)


def _inspect(chosen: argparse.Namespace) -> None:
    from curation.workflow import inspecting  # noqa: PLC0415  (see above)
    from curation.workflow.importing import sentences_about  # noqa: PLC0415  (see above)

    inspections, left_out = inspecting.inspect_files(chosen.file, chosen.me, _options(chosen))
    for error in left_out:
        _warn(f"left out: {error}")
    for number, found in enumerate(inspections):
        if not chosen.jsonl:
            if len(inspections) > 1:
                print("\n" * (number > 0) + _shown(found.source.path.name))
            print("\n".join(_table(found)))
            continue
        source = found.source
        for sentence in sentences_about(source.path, source.warnings, source.bad_rows):
            _warn(sentence)
        for row in inspecting.message_rows(found.source):
            print(_json_line(row))


def _table(found: Inspection) -> list[str]:
    """Return the lines of the table about one file."""
    source = found.source
    lines = [f"{'format':<14}{source.format}", f"{'messages':<14}{len(source.messages)}"]
    if found.first_time is not None and found.last_time is not None:
        first, last = (each.isoformat(" ") for each in (found.first_time, found.last_time))
        lines.append(f"{'time':<14}{first} to {last}")
    else:
        lines.append(f"{'time':<14}none in this format")
    who = "known" if source.me_known else "not said in the file; name yourself with --me"
    lines.append(f"{'who is me':<14}{who}")
    lines.append("participants")
    for each in found.participants:
        mark = " (me)" if each.is_me else ""
        name = each.name if each.name == each.sender else f"{each.name} [{each.sender}]"
        lines.append(f"  {_shown(name)}{mark}: {each.count}")
        lines.extend(f"    > {_shown(sample)}" for sample in each.samples)
    lines.extend(
        f"{'system text':<14}{_shown(text, width=200)} (shown, never exported)"
        for text in source.system_texts
    )
    lines.extend(f"{'warning':<14}{_shown(text, width=500)}" for text in source.warnings)
    lines.extend(f"{'left out':<14}{_shown(str(row), width=500)}" for row in source.bad_rows)
    return lines


def _shown(text: str, width: int = _SAMPLE_WIDTH) -> str:
    """Return `text` as it may be printed on a terminal: one line, cut, without controls."""
    plain = text.translate(_UNPRINTABLE)
    return plain if len(plain) <= width else f"{plain[:width]}…"


def _detect(_chosen: argparse.Namespace) -> None:
    from curation.workflow.detecting import detect_texts  # noqa: PLC0415  (see above)

    for number, raw in enumerate(sys.stdin.buffer, start=1):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if not line.strip():
            continue
        mark, text = _question(line, number)
        found = [
            {
                "entity": each.entity,
                "start": each.start,
                "end": each.end,
                "score": round(each.score, 3),
            }
            for each in detect_texts([text])[0]
        ]
        # Whoever asks line by line waits for each answer.
        print(_json_line({"id": mark, "findings": found}), flush=True)


def _question(line: bytes, number: int) -> tuple[Any, str]:
    """Return id and text of one line of standard input; BadFileError naming the line."""
    try:
        asked = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
        _json_line(asked)
    except UnicodeDecodeError as exc:
        raise BadFileError("stdin", N_("not UTF-8 text"), line=number) from exc
    except (ValueError, RecursionError) as exc:
        raise BadFileError("stdin", N_("not JSON"), line=number) from exc
    if not isinstance(asked, dict) or "id" not in asked or not isinstance(asked.get("text"), str):
        raise BadFileError(
            "stdin", N_('not an object with an "id" and a "text" that is a string'), line=number
        )
    return asked["id"], asked["text"]


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _build(chosen: argparse.Namespace) -> None:
    from curation.workflow.building import build_dataset  # noqa: PLC0415  (see above)
    from curation.workflow.personas import read_persona  # noqa: PLC0415  (see above)

    # Said only after a success: an error is one sentence and stands alone.
    warnings: list[str] = []

    def ignored(key: str) -> None:
        reason = N_("the key {key} is not known and was ignored").format(key=key)
        warnings.append(f"{chosen.persona.name}: {reason}")

    persona = None if chosen.persona is None else read_persona(chosen.persona, ignored)
    scheduler = chosen_scheduler(chosen, _warn)
    report = build_dataset(
        chosen.files,
        chosen.out,
        me=chosen.me,
        persona=persona,
        zone=_options(chosen).zone,
        replacements=dict(chosen.replace),
        options=export_options(chosen),
        warn=warnings.append,
        scheduler=scheduler,
    )
    for warning in warnings:
        _warn(warning)
    print("\n".join(_summary(report)))


def _summary(report: ExportReport) -> list[str]:
    """Return the lines that say what a build did."""
    lines = [f"{'conversations':<22}{sum(report.counts.values())}"]
    lines.append(f"{'records':<22}{report.records}")
    lines.append(f"{'turns':<22}{report.turns}")
    if len(report.parts) > 1:
        lines.extend(f"{name:<22}{part.records} records" for name, part in report.parts.items())
    for name, count in _shaped(report).items():
        if count:
            lines.append(f"{name:<22}{count}")
    lines.extend(
        f"{'without a record':<22}{count} {reason}"
        for reason, count in sorted(report.not_approved.items())
    )
    lines.extend(
        f"{'left out':<22}{len(ids)} {reason}" for reason, ids in sorted(report.left_out.items())
    )
    if report.removed:
        lines.append(f"{'messages removed':<22}{report.removed}")
    lines.extend(
        f"{'masked':<22}{count} {entity}" for entity, count in sorted(report.masked.items())
    )
    return lines


def _shaped(report: ExportReport) -> dict[str, int]:
    """Return what was done to conversations on their way to records, counted."""
    parts = report.parts.values()
    return {
        "joined to another": sum(part.joined for part in parts),
        "more by cutting": sum(part.cut for part in parts),
        "more by sliding": sum(part.windows for part in parts),
        "turns too long": sum(part.too_long for part in parts),
        "late, yet trained on": len(report.moved),
    }


def _import(chosen: argparse.Namespace) -> None:
    from curation.workflow.parquet_folders import fill_workspace  # noqa: PLC0415  (see above)

    workspace = _open_workspace()
    try:
        counts = fill_workspace(workspace, chosen.files, me=chosen.me, warn=_warn)
    finally:
        workspace.close()
    print(f"{'messages read':<36}{counts['messages']}")
    print(f"{'messages added':<36}{counts['added']}")
    print(f"{'conversations added':<36}{counts['conversations']}")


def _convert(chosen: argparse.Namespace) -> None:
    # Said only after a success: an error is one sentence and stands alone.
    warnings: list[str] = []
    lines = (_to_parquet if chosen.parquet else _to_chatlab)(chosen, warnings)
    _warn(
        "the texts are unmasked: phone numbers, names and the like stand in the file as they were "
        "written"
    )
    for warning in warnings:
        _warn(warning)
    print("\n".join(lines))


def _to_chatlab(chosen: argparse.Namespace, warnings: list[str]) -> list[str]:
    from curation.workflow.converting import convert_to_chatlab  # noqa: PLC0415  (see above)

    report = convert_to_chatlab(
        chosen.files,
        chosen.out,
        me=chosen.me,
        force=chosen.force,
        options=_options(chosen),
        warn=warnings.append,
    )
    for sentence, count in sorted(report.lost.items()):
        warnings.append(f"ChatLab cannot hold {sentence.format(count=count)}")
    return [
        f"{each.messages} messages of {_shown(each.chat)}: {each.path}" for each in report.chats
    ]


def _to_parquet(chosen: argparse.Namespace, warnings: list[str]) -> list[str]:
    from curation.workflow.parquet_folders import convert_to_parquet  # noqa: PLC0415  (see above)

    written = convert_to_parquet(
        chosen.files,
        chosen.out,
        me=chosen.me,
        force=chosen.force,
        options=_options(chosen),
        warn=warnings.append,
    )
    return [f"{count} messages: {chosen.out / name}" for name, count in written.items()]


def _scan(chosen: argparse.Namespace) -> None:
    from curation import workflow  # noqa: PLC0415  (see above)

    scheduler = chosen_scheduler(chosen, _warn)
    workspace = _open_workspace()
    try:
        with workflow.bulk_engine(workspace, scheduler) as engine:
            searched = workflow.scan_findings(workspace, engine=engine)
            looked_at = workflow.suggest(workspace, engine=engine)
            workflow.mark_duplicates(workspace, engine=engine)
        suggested = workflow.suggestion_counts(workspace)
        found = Counter[str]()
        for (entity, _decision), count in workflow.finding_counts(workspace).items():
            found[entity] += count
    finally:
        workspace.close()
    print(f"{'messages searched':<36}{searched}")
    for entity, count in found.most_common():
        print(f"{'findings ' + entity:<36}{count}")
    print(f"{'conversations looked at':<36}{looked_at}")
    for kind, count in sorted(suggested.items()):
        print(f"{'conversations with ' + kind:<36}{count}")


def _backup(chosen: argparse.Namespace) -> None:
    from curation import workflow  # noqa: PLC0415  (see above)

    if chosen.file.exists() and not chosen.force:
        raise BadFileError(chosen.file, N_("is there already; --force replaces it"))
    workspace = _open_workspace()
    try:
        plain = chosen.plain or not workflow.is_encrypted(workspace)
        info = workflow.backup_workspace(workspace, chosen.file, plain=plain)
    finally:
        workspace.close()
    if plain:
        _warn(
            "the texts are unmasked: phone numbers, names and the like stand in the file as they "
            "were written"
        )
    else:
        _warn("the backup opens with the passphrase of the workspace")
    print("\n".join(_backup_lines(info)))


def _restore(chosen: argparse.Namespace) -> None:
    from curation import workflow  # noqa: PLC0415  (see above)

    try:
        workspace = _open_workspace(replaced=True)
    except WorkspaceDamagedError as error:
        _replace_damaged(error, chosen.file, plain=chosen.plain)
        return
    try:
        passphrase = None
        if workflow.needs_other_passphrase(chosen.file):
            passphrase = _told_passphrase(OF_BACKUP) or _asked_passphrase(
                f"Passphrase of {chosen.file.name}: ", OF_BACKUP
            )
        kept = workflow.restore_workspace(workspace, chosen.file, passphrase=passphrase)
        counts = workflow.workspace_stats(workspace)
    finally:
        workspace.close()
    print("\n".join(_flat(counts)))
    if kept is not None:
        print(f"{'replaced workspace kept as':<36}{kept}")
    if workflow.file_is_encrypted(chosen.file) and not workflow.is_encrypted(workspace):
        _warn(
            "the backup is encrypted, the workspace is not and stays so: its texts can be read on"
            " the disk"
        )


def _replace_damaged(error: WorkspaceDamagedError, backup: Path, *, plain: bool) -> None:
    """Let a backup take the place of a damaged workspace, and ask for whose passphrase it needs."""
    from curation.workflow import Asked, mending  # noqa: PLC0415  (see above)

    whose = mending.whose_passphrase(error, backup)
    passphrase = None
    if whose is Asked.FILE:
        passphrase = (
            _told_passphrase(OF_BACKUP)
            or _told_passphrase(FROM_FILE)
            or _asked_passphrase(f"Passphrase of {backup.name}: ", OF_BACKUP)
        )
    elif whose is Asked.WORKSPACE and not plain:
        passphrase = _told_passphrase(FROM_FILE) or _asked_passphrase(
            "Passphrase that the workspace had (Enter: see --plain): "
        )
    aside = mending.replace_damaged(error, backup, passphrase=passphrase, plain=plain)
    print(f"{'damaged workspace kept as':<36}{aside}")


def _backup_lines(info: BackupInfo) -> list[str]:
    """Return what a backup holds."""
    return [
        f"{'made':<36}{info.made_at.isoformat()}",
        f"{'version':<36}{info.app}, tables {info.revision}",
        f"{'conversations':<36}{info.conversations}",
        f"{'messages':<36}{info.messages}",
    ]


def _stats(chosen: argparse.Namespace) -> None:
    from curation import workflow  # noqa: PLC0415  (see above)

    workspace = _open_workspace()
    try:
        counts = workflow.workspace_stats(workspace)
    finally:
        workspace.close()
    if chosen.json:
        print(_json_line(counts))
    else:
        print("\n".join(_flat(counts)))


def _flat(counts: dict[str, Any], before: str = "") -> list[str]:
    """Return nested counts as lines of name and number."""
    lines: list[str] = []
    for name, value in counts.items():
        if isinstance(value, dict):
            lines.extend(_flat(value, f"{before}{name} "))
        else:
            lines.append(f"{before + name:<36}{value}")
    return lines


def _json_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _speak_utf8() -> None:
    """Write UTF-8 and line feeds whatever the system's encoding is.

    A lone surrogate leaves as a backslash escape, which inside JSON is the right one.
    """
    for stream in (sys.stdout, sys.stderr):
        _reconfigure(stream)


def _reconfigure(stream: TextIO) -> None:
    # A test, or a program that calls main(), may have put something else in its place.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """Leave in order, so that the temporary workspace of a build does not stay behind."""
    sys.exit(TERMINATED)


def program(arguments: Sequence[str] | None = None) -> int:
    """Be the whole program: `main`, and leave in order when told to end. Returns the exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    return main(arguments)


if __name__ == "__main__":
    sys.exit(program())
