"""The texts and the keys of the review piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from curation.model import Decision, Side, Status, SuggestionKind
from curation.ui.words import action_names, suggestion_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "approve": ("a",),
    "reject": ("x",),
    "skip": ("s",),
    "next": ("j", "arrowright"),
    "previous": ("k", "arrowleft"),
    "undo": ("z", "ctrl+z"),
    "redo": ("shift+z", "ctrl+shift+z", "ctrl+y"),
    "select_next": ("arrowdown",),
    "select_previous": ("arrowup",),
    "extend_next": ("shift+arrowdown",),
    "extend_previous": ("shift+arrowup",),
    "select_all": ("ctrl+a",),
    "select_several": ("v",),
    "edit": ("e",),
    "delete": ("d",),
    "add": ("n",),
    "background": ("b",),
    "side": ("o",),
    "note": ("t",),
    "split": ("p",),
    "split_off": ("shift+p",),
    "merge": ("m",),
    "merge_previous": ("shift+m",),
    "replace": ("w",),
    "record": ("i",),
    "finding": ("f",),
    "flag": ("g",),
    "accept": ("y",),
    "refuse": ("u",),
    "help": ("h", "?"),
    "escape": ("escape",),
    "emotions": ("1", "2", "3", "4", "5", "6", "7", "8", "9"),
}
"""Keys of each command, the first one printed beside its button; `ctrl` is also the Mac's command.

Names are those of `KeyboardEvent.key` in lower case. C and R are left out: Streamlit has them.
"""


FLAGGED: Final[tuple[str, ...]] = (
    "CUSTOM_TERM",
    "PERSON",
    "CN_ADDRESS",
    "PHONE_NUMBER",
    "WECHAT_ID",
    "QQ_NUMBER",
    "PASSWORD",
    "CN_ID_CARD",
    "BANK_CARD",
    "EMAIL_ADDRESS",
    "LICENSE_PLATE",
    "PASSPORT",
)
"""What a person may flag words as; the first nine are chosen by their number."""


def review_labels(_: Callable[[str], str]) -> dict[str, Any]:
    """Return every text of the piece, translated by `_`."""
    return {
        **_around(_),
        **_messages(_),
        **_said(_),
        "commands": _commands(_),
        "actions": _actions(_),
        "statuses": {
            Status.PENDING: _("To review"),
            Status.APPROVED: _("Approved"),
            Status.REJECTED: _("Rejected"),
            Status.SKIPPED: _("Skipped"),
        },
        "decisions": {
            Decision.PENDING: _("Undecided"),
            Decision.MASK: _("Mask"),
            Decision.KEEP: _("Keep"),
        },
        "decisions_long": {
            Decision.PENDING: _("Not decided yet: exported masked"),
            Decision.MASK: _("Exported as a placeholder"),
            Decision.KEEP: _("Exported as it is"),
        },
        "kinds": _kinds(_),
        "suggestions": {kind: _(text) for kind, text in suggestion_names().items()},
        "answers": _answers(_),
        "reasons": {
            "nothing_enters": _("Nothing in it goes into a record."),
            "only_me": _("Only you speak."),
            "only_other": _("Only the other one speaks."),
            "no_answer": _("Nothing in it is answered by you."),
            "removed": _("The messages with private details, which are left out, were needed."),
        },
        "day": _("{weekday} {year}-{month:02d}-{day:02d}"),
        "weekdays": [
            _("Mon"),
            _("Tue"),
            _("Wed"),
            _("Thu"),
            _("Fri"),
            _("Sat"),
            _("Sun"),
        ],
        Side.ME.value: _("Me"),
        Side.OTHER.value: _("The other"),
    }


def _around(_: Callable[[str], str]) -> dict[str, str]:
    """Texts of the head, the bar, the key sheet and the ends of the queue."""
    return {
        "review": _("Reviewing conversations"),
        "messages": _("Messages of this conversation"),
        "place_in_queue": _("No. {position} of {total} · {left} to go"),
        "progress": _("{decided} of {total} decided"),
        "tick_saved": _("Saved"),
        "tick_saving": _("Saving…"),
        "tick_offline": _("Offline, {count} unsaved"),
        "tick_refused": _("Refused"),
        "offline_nothing": _("Offline"),
        "refused": _("Not done: {reason}"),
        "left": _(
            "Steps from an earlier sign-in in this tab that were not confirmed as saved: {count}."
            " They may be somebody else's, so they were not sent. If they were yours, check what"
            " you did last."
        ),
        "meanwhile": _("Meanwhile:"),
        "held_by": _("{who} has been working on this since {time}. You can read it."),
        "held_by_nobody": _("Somebody without a name"),
        "held_toast": _("Somebody else is working on this: take it over to change it"),
        "take_over": _("Take it over"),
        "take_over_hint": _("The other one can then only read it; the journal says so"),
        "go_there": _("Look at it"),
        "dismiss": _("Dismiss"),
        "loading": _("Loading…"),
        "close": _("Close"),
        "more": _("More"),
        "like": _("nearly the same as #{number}"),
        "like_hint": _("Look at the other one"),
        "back_to": _("back to #{number}"),
        "back_to_hint": _("Back to the one you came from"),
        "emotions": _("Emotions"),
        "selection": _("What is done to the selected messages"),
        "selected": _("{count} selected"),
        "unselect": _("Unselect"),
        "background_before": _("Background before them"),
        "several_hint": _("Click messages to select or unselect them"),
        "undo_named": _("Undo: {action}"),
        "redo_named": _("Redo: {action}"),
        "key_sheet": _("All keys"),
        "keys_decide": _("Decide and move"),
        "keys_message": _("Messages"),
        "keys_several": _("Several messages at once"),
        "keys_tags": _("Emotion tags"),
        "keys_findings": _("Private details"),
        "keys_suggestions": _("Suggestions"),
        "suggestions_hint": _(
            "What the program suggests; nothing is done before you accept. The keys answer that of"
            " the selected message, otherwise the first one."
        ),
        "keys_rest": _("Other"),
        "keys_typing": _("While you write"),
        "keys_menu": _("In the menu of a private detail"),
        "sheet_save": _("Save what you wrote"),
        "sheet_leave": _("Close and keep a draft"),
        "sheet_move": _("Keep a draft and go on to another conversation"),
        "keys_change": _("You can change these keys in the settings."),
        "record_title": _("As it will be exported"),
        "record_tokens": _("about {tokens} tokens"),
        "record_over_limit": _("Longer than the {limit} tokens of your settings: split it"),
        "record_over_trainer": _("A trainer usually cuts off what is beyond {limit} tokens"),
        "record_none": _("It gives no record"),
        "record_more": _("and {count} more turns"),
        "record_unapproved": _("It is exported only once it is approved."),
        "record_system": _("system"),
        "tag_hint": _("A key tags the selected message, otherwise the conversation."),
        "nothing_here": _("No conversations yet"),
        "nothing_here_hint": _("Import your chats first; they appear here."),
        "nothing_matches": _("Nothing matches this choice"),
        "nothing_matches_hint": _("Choose another status or chat above."),
        "with_others": _("The rest is with others"),
        "with_others_hint": _("{count} of this choice are being reviewed by others right now."),
        "all_done": _("All reviewed"),
        "all_done_hint": _("Every conversation is decided. The next step is the export."),
        "end_of_queue": _("End of the queue"),
        "end_of_queue_hint": _("{count} that you passed over are still in this choice."),
        "from_the_start": _("Start over"),
    }


def _messages(_: Callable[[str], str]) -> dict[str, str]:
    """Texts among the bubbles: marks, notes, the editor, the menu of a finding."""
    return {
        "original": _("Original: {text}"),
        "not_exported": _("Does not enter the export"),
        "pseudonym_hint": _("This stands for the name in the export"),
        "to_quoted": _("Go to the message it answers"),
        "bystander": _("Not exported: you did not answer this"),
        "bystander_note": _("Not in the export: {count} said among the others"),
        "added": _("Added"),
        "edited": _("Edited"),
        "draft": _("Unsaved draft"),
        "draft_open": _("Go on writing"),
        "draft_drop": _("Discard"),
        "draft_safe": _("Draft kept"),
        "draft_of_gone": _("Of a message that is gone"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "find_what": _("Find"),
        "replace_with": _("Replace with"),
        "find_case": _("Match capital and small letters"),
        "find_word": _("Whole words only (of Latin letters)"),
        "find_word_sign": _("Word"),
        "find_expression": _("Regular expression"),
        "find_count": _("{at} of {count}"),
        "find_none": _("Nothing found"),
        "find_invalid": _("Not a valid expression"),
        "find_slow": _("This expression takes too long"),
        "find_previous": _("The match before"),
        "find_next": _("The next match"),
        "replace_one": _("Replace"),
        "replace_all": _("Replace all…"),
        "replace_confirm": _("Replace in {count} messages"),
        "replace_more": _("and {count} more"),
        "replace_empty": _("Would be empty and stays as it is"),
        "clash": _("Changed elsewhere while you wrote"),
        "clash_theirs": _("Stored now"),
        "clash_mine": _("Yours"),
        "clash_take": _("Take this one"),
        "clash_keep": _("Keep mine"),
        "clash_join": _("Put both into the field and edit them"),
        "deleted": _("Deleted"),
        "restore": _("Restore"),
        "change": _("Change"),
        "remove_tag": _("Remove this tag"),
        "background": _("Background"),
        "background_of_conversation": _("Background"),
        "leading_note": _(
            "Not in the export: {count} of mine at the head. A record begins with the other."
        ),
        "trailing_note": _("Not in the export: {count} at the end. A record ends with my reply."),
        "add_at_head": _("Add what the other said"),
        "add_at_end": _("Add my reply"),
        "finding_hint": _("{label} · {decision}\n{why}"),
        "sure": _("{score} sure"),
        "stays": _("Stays as it is: it is the persona's own name, and nobody decided otherwise"),
        "stays_short": _("undecided, stays as the persona's own name"),
        "suggested": _("Suggestion: {what}, {score} sure"),
        "never_flag": _("Not private: never flag this again"),
        "unflag": _("Not private: remove my flag"),
        "other_kind": _("It is something else…"),
        "which_kind": _("What is it?"),
        "flag_as": _("private"),
        "flag_hint": _("What is it? ← → and Shift+← → move its ends."),
        "flag_everywhere": _("Also everywhere else, now and later"),
        "mask_one": _("Mask this one"),
        "mask_all": _("Mask all equal ones"),
        "keep_one": _("Keep this one"),
        "keep_all": _("Keep all equal ones"),
        "edit_message": _("Edit this message"),
        "add_message": _("Add a missing message"),
        "background_conversation": _("Background of this conversation"),
        "background_message": _("Background before this message"),
        "note_title": _("A note for yourself; it is never exported"),
        "note": _("Note"),
        "side": _("Who"),
        "place": _("Where"),
        "place_before": _("Before the selected one"),
        "place_after": _("After the selected one"),
        "place_head": _("At the head"),
        "place_end": _("At the end"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "reset": _("Discard what I typed"),
    }


def _said(_: Callable[[str], str]) -> dict[str, str]:
    """What a toast says after an action, or instead of one."""
    return {
        "toast_approved": _("Approved"),
        "toast_rejected": _("Rejected"),
        "toast_skipped": _("Skipped"),
        "toast_undo": _("Undone: {action}"),
        "toast_redo": _("Done again: {action}"),
        "toast_noted": _("Noted"),
        "toast_merged": _("Merged with the next one"),
        "toast_merged_previous": _("Merged with the one before"),
        "toast_split_off": _("{count} split off as a conversation of their own"),
        "toast_several_deleted": _("{count} messages deleted"),
        "toast_several_restored": _("{count} messages restored"),
        "toast_replaced_one": _("Replaced"),
        "toast_replaced": _("Replaced in {count} messages"),
        "toast_sides": _("{count} moved to the other side"),
        "toast_deleted": _("Message deleted"),
        "toast_restored": _("Message restored"),
        "toast_split": _("Split in two"),
        "toast_tagged": _("Tagged {emotion}"),
        "toast_untagged": _("Removed the tag {emotion}"),
        "toast_mask": _("{label}: masked in the export"),
        "toast_keep": _("{label}: kept in the export"),
        "toast_flagged": _("Flagged as: {label}"),
        "toast_relabelled": _("Now it is: {label}"),
        "toast_released": _("{label}: no longer flagged"),
        "toast_accepted": _("Accepted: {what}"),
        "toast_refused": _("Refused: {what}"),
        "toast_repeat": _("Rejected as a repetition"),
        "toast_dropped": _("Rejected: {what}"),
        "no_suggestion": _("Nothing is suggested here"),
        "flag_first": _("Select words in a bubble with the mouse, or a message with ↑ ↓"),
        "flag_several": _("Select words inside one message"),
        "select_first": _("Select a message first: ↑ ↓ or a click"),
        "split_first": _("Select the message that the second part begins with"),
        "split_all": _("Leave at least one message unselected"),
        "one_only": _("Select a single message for this"),
        "no_previous": _("This is the first one"),
        "no_undo": _("Nothing to undo"),
        "no_redo": _("Nothing to redo"),
        "no_findings": _("No private details found here"),
        "empty_text": _("A message cannot be empty; delete it instead."),
        "draft_kept": _("What you typed is kept as a draft"),
    }


def _commands(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "approve": _("Approve"),
        "reject": _("Reject"),
        "skip": _("Skip"),
        "next": _("Next"),
        "previous": _("Previous"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "select_next": _("Select the next message"),
        "select_previous": _("Select the message before"),
        "extend_next": _("Select one more below"),
        "extend_previous": _("Select one more above"),
        "select_all": _("Select all"),
        "select_several": _("Select several"),
        "edit": _("Edit"),
        "delete": _("Delete"),
        "add": _("Add message"),
        "background": _("Background"),
        "side": _("To the other side"),
        "note": _("Note"),
        "split": _("Split here"),
        "split_off": _("Split off"),
        "merge": _("Merge with next"),
        "merge_previous": _("Merge with previous"),
        "replace": _("Find and replace"),
        "record": _("As exported"),
        "finding": _("Next private detail"),
        "flag": _("Flag what is selected"),
        "accept": _("Accept the suggestion"),
        "refuse": _("Refuse the suggestion"),
        "help": _("All keys"),
        "escape": _("Close or unselect"),
    }


def _answers(_: Callable[[str], str]) -> dict[SuggestionKind, dict[str, str]]:
    """Return what the answers to a kind of suggestion are called where that is more than yes or no.

    `because` is to write the background that it asks for or drafts.
    """
    keep = _("Keep as it is")
    drop = {"accept": _("Drop"), "because": _("Add background"), "refuse": keep}
    return {
        SuggestionKind.TOPIC_JUMP: {**drop, "accept": _("Split here")},
        SuggestionKind.INCOMPLETE: drop,
        SuggestionKind.TOO_THIN: drop,
        SuggestionKind.BACKGROUND: {
            "accept": _("Use it"),
            "because": _("Change it first"),
            "refuse": _("Do without"),
        },
    }


def _actions(_: Callable[[str], str]) -> dict[str, str]:
    """Names of journal entries, for undo and redo: short ones, and what history calls the rest."""
    return {
        **{name: _(text) for name, text in action_names().items()},
        "set_status": _("decision"),
        "tag": _("emotion tag"),
        "edit_message": _("edited message"),
        "delete_message": _("deleted or restored message"),
        "delete_messages": _("deleted or restored messages"),
        "swap_sides": _("messages moved to the other side"),
        "tag_messages": _("emotion tag of messages"),
        "replace": _("replaced words"),
        "add_message": _("added message"),
        "set_background": _("background"),
        "set_note": _("note"),
        "set_message_background": _("background"),
        "split": _("split"),
        "split_off": _("split off"),
        "merge_next": _("merge"),
        "merge_previous": _("merge"),
        "decide_finding": _("private detail decision"),
        "answer_suggestion": _("answered suggestion"),
        "flag": _("flagged by hand"),
        "relabel": _("kind of a private detail"),
        "release": _("no private detail"),
        "own_term": _("own term"),
        "set_me": _("who is me"),
        "set_group_mode": _("the others of a group"),
        "set_pseudonym": _("pseudonym"),
        "set_gap": _("pause between conversations"),
        "restore": _("Brought back from the trash"),
        "set_relation": _("What partners are to me"),
        "split_again": _("Split again"),
    }


def _kinds(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "sticker": _("Sticker"),
        "image": _("Image"),
        "voice": _("Voice"),
        "video": _("Video"),
        "file": _("File"),
        "link": _("Link"),
        "location": _("Location"),
        "transfer": _("Transfer"),
        "red_packet": _("Red packet"),
        "call": _("Call"),
        "forward": _("Chat history"),
        "mini_program": _("Mini program"),
        "other": _("Other"),
    }
