#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: link-headers.sh TARGET LINK
#
# Makes a symbolic link, in a folder of its own: the compiler is given that folder, and so sees the headers that are
# included as "NAME/….h" and no others.

set -eu

mkdir -p "$(dirname "$2")"
ln -sfn "$1" "$2"
