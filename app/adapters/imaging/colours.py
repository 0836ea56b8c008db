"""Whatever way a picture keeps its colours, the same eight bits of red, green and blue; on white where it is clear."""

import io

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
_CLEAR = ("RGBA", "LA", "PA", "La", "RGBa")


def plain(image: Image.Image) -> Image.Image:
    """RGB in sRGB, with nothing attached: no EXIF, no profile, no words."""
    profile = image.info.get("icc_profile")
    image = _narrow(image)
    if image.mode in _CLEAR or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGB", clear.size, "white")
        white.paste(clear, mask=clear.getchannel("A"))
        image = white
    elif profile:
        image = _in_srgb(image, profile)
    image = image if image.mode == "RGB" else image.convert("RGB")
    return Image.frombytes("RGB", image.size, image.tobytes())


def _narrow(image: Image.Image) -> Image.Image:
    """Sixteen bits a pixel become eight: `convert` alone would cut off what is bright."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """A profile that cannot be read, or is of other colours than these, is as good as none."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return turned or image
