# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the screen, and what is in them."""

import os
import subprocess

import session

FOLDER = session.BUILD / "screenshots"


class Picture:
    """Rows of RGB, 8 bits each."""

    def __init__(self, width, height, pixels):
        self.width = width
        self.height = height
        self.pixels = pixels

    def crop(self, x, y, width, height):
        rows = [self.pixels[3 * (row * self.width + x):3 * (row * self.width + x + width)]
                for row in range(y, y + height)]
        return Picture(width, height, b"".join(rows))

    def inner(self, fraction):
        """The middle, such as half the width and height for 0.5."""
        width, height = int(self.width * fraction), int(self.height * fraction)
        return self.crop((self.width - width) // 2, (self.height - height) // 2, width, height)

    def mean(self):
        return sum(self.pixels) / len(self.pixels)

    def deviation(self):
        """How much the values differ: 0 for an empty area."""
        counts = [self.pixels.count(value) for value in range(256)]
        mean = self.mean()
        return (sum(n * (value - mean) ** 2 for value, n in enumerate(counts)) / len(self.pixels)) ** 0.5

    def n_colours(self):
        view = self.pixels
        return len({view[i:i + 3] for i in range(0, len(view), 3)})

    def pixel(self, x, y):
        at = 3 * (y * self.width + x)
        return tuple(self.pixels[at:at + 3])

    def difference(self, other):
        """Mean of the absolute differences; pictures of other sizes differ altogether."""
        if (self.width, self.height) != (other.width, other.height):
            return 255.0
        return sum(abs(a - b) for a, b in zip(self.pixels, other.pixels)) / len(self.pixels)


def parse(data):
    """A PPM file; pixels may begin with what looks like a blank."""
    fields, at = [], 0
    while len(fields) < 4:
        end = at
        while data[end:end + 1] not in (b" ", b"\n"):
            end += 1
        fields.append(data[at:end])
        at = end + 1
    if fields[0] != b"P6" or fields[3] != b"255":
        raise ValueError("import made a picture that is not RGB with 8 bits: %r" % data[:16])
    return Picture(int(fields[1]), int(fields[2]), data[at:])


def take(name=None, box=None):
    """Takes a picture of the screen, or of (x, y, width, height) of it; with a name, keeps it as
    BUILD/screenshots/NAME.png."""
    words = ["import", "-silent", "-window", "root"]
    if box is not None:
        words += ["-crop", "%dx%d+%d+%d" % (box[2], box[3], box[0], box[1]), "+repage"]
    data = subprocess.run(words + ["-depth", "8", "ppm:-"], check=True, stdout=subprocess.PIPE).stdout
    if name is not None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / (name + ".png")
        subprocess.run(["convert", "ppm:-", os.fspath(path)], check=True, input=data)
    return parse(data)
