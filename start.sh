#!/usr/bin/env sh
# Linux: set up on the first start, then open 如我 Ruwo in the browser.
cd "$(dirname "$0")" || exit 1
python=""
for name in python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null 2>&1 &&
        "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "需要 Python 3.11、3.12 或 3.13：https://www.python.org/downloads/" >&2
    echo "Python 3.11, 3.12 or 3.13 is needed." >&2
    exit 1
fi
# The stamp is written last: an installation that was broken off is done again.
if [ ! -f .venv/ready ] || [ requirements.txt -nt .venv/ready ]; then
    echo "首次启动，正在安装，需要几分钟……  Installing, this takes a few minutes…"
    "$python" -m venv .venv && .venv/bin/pip install -q -r requirements.txt || exit 1
    touch .venv/ready
fi
exec .venv/bin/streamlit run app.py --server.headless=false "$@"
