"""Draws the pages of a PDF as pictures. Run as a program of its own, with nothing of ours imported.

    draw.py SOURCE FOLDER MOST_PAGES LONGEST_SIDE SECONDS BYTES

Writes 1.png, 2.png … into FOLDER and the number of pages of the document to standard output. PDFium reads files that
anybody may have made: so this program has little time and memory and knows no secret, and when it dies nobody minds.
"""

import os
import resource
import sys
from pathlib import Path

COLOURS = 96  # ink, stamp and signature, at a tenth of the size
MEMORY = 1024 * 1024 * 1024


def bound(seconds: int, largest: int) -> None:
    """Bounds that the kernel keeps, set before anything is read."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(5)


def draw(source: str, folder: str, most: int, longest: int) -> int:
    """The number of pages of the document, of which the first `most` are drawn."""
    import pypdfium2 as pdfium
    from PIL import Image

    document = pdfium.PdfDocument(source)
    for number in range(min(len(document), most)):
        page = document[number]
        scale = longest / max(page.get_size())
        picture = page.render(scale=scale).to_pil().convert("RGB")
        picture = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        picture.save(Path(folder) / f"{number + 1}.png", "PNG")
        page.close()
    return len(document)


if __name__ == "__main__":
    source, folder, *numbers = sys.argv[1:]
    most, longest, seconds, largest = map(int, numbers)
    bound(seconds, largest)
    sys.stdout.write(f"{draw(source, folder, most, longest)}\n")
