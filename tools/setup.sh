#!/bin/sh
# Makes the environment `.venv` from the hashed pins, unless it is there already. Called by every `make` target that
# needs it, so the way through it with nothing to do is two comparisons.
# Variables (for tests): ESPACE_MIN_MO, the megabytes that must be free (1500).
set -u
cd "$(dirname "$0")/.." || exit 1
root=$(pwd -P)
made_for="$root $(cat .python-version)"

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

# Written last, so an interrupted installation is taken up by the next run. The folder is part of it: the scripts of an
# environment name the folder that they were made for.
if [ -x .venv/bin/python ] && [ "$(cat .venv/made-for 2>/dev/null)" = "$made_for" ] &&
    cmp -s requirements.txt .venv/installed.txt; then
    exit 0
fi

needed=${ESPACE_MIN_MO:-1500}
free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
[ "$free" -ge "$needed" ] ||
    fail "Il n'y a pas assez de place sur le disque : $free Mo libres ici, il en faut $needed. Libérez-en et recommencez."

find_uv() {
    if command -v uv >/dev/null 2>&1; then
        uv=uv
        return
    fi
    uv=$root/.uv/bin/uv
    if [ -x "$uv" ] && cmp -s tools/uv.txt .uv/installed.txt; then
        return
    fi
    # Away from this folder: pyenv would look for the Python of `.python-version`, which any Python 3 can replace here.
    (cd / && python3 -c '') >/dev/null 2>&1 ||
        fail "Python 3 est introuvable : installez Python 3 (paquets python3 et python3-venv sous Debian), puis recommencez."
    echo "Préparation de l'outil d'installation (uv)..."
    rm -rf .uv
    (cd / && python3 -m venv "$root/.uv") >/dev/null 2>&1 ||
        fail "Le module venv de Python manque : installez-le (paquet python3-venv sous Debian), puis recommencez."
    .uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tools/uv.txt >.uv/pip.log 2>&1 ||
        fail "uv n'a pas pu être téléchargé : vérifiez l'accès au réseau, puis recommencez (détails : .uv/pip.log)."
    cp tools/uv.txt .uv/installed.txt
}

find_uv
if [ ! -x .venv/bin/python ] || [ "$(cat .venv/made-for 2>/dev/null)" != "$made_for" ]; then
    rm -rf .venv
    "$uv" venv --quiet --no-project --python "$(cat .python-version)" .venv ||
        fail "CPython $(cat .python-version) n'a pu être ni trouvé ni téléchargé : installez-le ou vérifiez l'accès au réseau, puis recommencez."
    printf '%s' "$made_for" >.venv/made-for
fi
echo "Installation des bibliothèques dans .venv (environ 700 Mo)..."
"$uv" pip sync --python .venv/bin/python --require-hashes requirements.txt ||
    fail "L'installation n'a pas abouti : vérifiez l'accès au réseau et la place sur le disque, puis recommencez."
echo "Compilation (une vingtaine de secondes)..."
# Otherwise the first start would do it, and take three times as long. What is never imported is left out: 40 MB.
# A file in there that does not compile is not ours to judge.
.venv/bin/python -m compileall -qq -j 0 -x '/tests/|/twilio/rest/' .venv/lib || true
# The project's own packages, and the stand-ins for TensorFlow.
printf '%s\n' "$root" "$root/stubs" >"$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/assistant_oim.pth" ||
    fail "L'installation n'a pas abouti : .venv ne peut pas être écrit."
cp requirements.txt .venv/installed.txt
echo "Installation terminée."
