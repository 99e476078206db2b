@echo off
rem Windows: double-click me. Sets up on the first start, then opens Ruwo in the browser.
chcp 65001 >nul 2>nul && set "CHINESE=yes"
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
if defined PYTHON goto start
rem Not within parentheses: there cmd loses its place after letters of several bytes.
if defined CHINESE echo 没有找到能用的 Python。需要 3.11、3.12 或 3.13：https://www.python.org/downloads/
echo Python 3.11, 3.12 or 3.13 is needed: https://www.python.org/downloads/
pause
exit /b 1
:start
%PYTHON% start.py %*
if errorlevel 1 pause
