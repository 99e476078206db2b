#!/usr/bin/env sh
# macOS: double-click me.
exec "$(dirname "$0")/start.sh"
