@echo off
rem Windows: double-click me. Sets up on the first start, then opens Ruwo in the browser.
chcp 65001 >nul
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
if not exist .venv\ready (
    echo Installing, this takes a few minutes...
    %PYTHON% -m venv .venv || goto failed
    .venv\Scripts\pip install -q -r requirements.txt || goto failed
    echo ready > .venv\ready
)
.venv\Scripts\streamlit run app.py --server.headless=false
if errorlevel 1 pause
exit /b 0
:failed
echo The installation did not finish. Please start again.
pause
exit /b 1
