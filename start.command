#!/usr/bin/env sh
# macOS: double-click me.
"$(dirname "$0")/start.sh" "$@" && exit 0
# The window closes with its program: what went wrong must be read first.
printf '按回车关闭 Press Enter to close '
read -r _answer
exit 1
