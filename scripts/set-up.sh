#!/bin/sh
# Make the virtual environment with exactly what a lock names, and the project in it. Usage: set-up.sh PYTHON VENV LOCK
set -eu
python=$1 venv=$2 lock=$3
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Rettsvar needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1). Try: make PYTHON=python3.11 ..." >&2
  exit 1
fi
if [ ! -x "$venv/bin/python" ]; then
  echo "Making $venv (once; about a minute) ..."
  if ! "$python" -m venv "$venv"; then
    echo "Could not make a virtual environment. On Debian: apt-get install python3-venv" >&2
    exit 1
  fi
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
