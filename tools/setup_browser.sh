#!/bin/sh
# Makes the environment `.browser` of the tests in a browser from its hashed pins, unless it is there already. It is apart
# from `.venv`: the driver of the browser is as large as a fifth of that, and running the assistant needs none of it.
set -u
cd "$(dirname "$0")/.." || exit 1
pins=tests/browser/requirements.txt

if [ -x .browser/bin/python ] && cmp -s "$pins" .browser/installed.txt; then
    exit 0
fi
PATH="$PATH:$PWD/.uv/bin"
echo "Installation de quoi essayer le chat dans un navigateur, dans .browser (environ 170 Mo)..."
[ -x .browser/bin/python ] || uv venv --quiet --no-project --python .venv/bin/python .browser || exit 1
uv pip sync --quiet --python .browser/bin/python --require-hashes "$pins" || {
    echo "L'installation n'a pas abouti : vérifiez l'accès au réseau et la place sur le disque, puis recommencez." >&2
    exit 1
}
cp "$pins" .browser/installed.txt
