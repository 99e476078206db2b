#!/usr/bin/env sh
# Linux: set up on the first start, then open 如我 Ruwo in the browser.
cd "$(dirname "$0")" || exit 1
for name in python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null 2>&1 &&
        "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        exec "$name" start.py "$@"
    fi
done
echo "没有找到能用的 Python。需要 3.11、3.12 或 3.13：https://www.python.org/downloads/" >&2
echo "No Python that fits was found: 3.11, 3.12 or 3.13 is needed." >&2
exit 1
