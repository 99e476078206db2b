@echo off
rem Windows: double-click me. Sets up on the first start, then opens Ruwo in the browser.
chcp 65001 >nul
set "PYTHONUTF8=1"
cd /d "%~dp0"
set "PYTHON="
for %%V in (3.13 3.12 3.11) do (
    if not defined PYTHON (
        py -%%V -c "pass" >nul 2>nul && set "PYTHON=py -%%V"
    )
)
if not defined PYTHON (
    python -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" >nul 2>nul && set "PYTHON=python"
)
if not defined PYTHON (
    echo Python 3.11, 3.12 or 3.13 is needed: https://www.python.org/downloads/
    pause
    exit /b 1
)
%PYTHON% start.py %*
if errorlevel 1 pause
