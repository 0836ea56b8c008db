"""Pictures of strangers: taken anew without anything but their pixels, or refused; and never a process of ours down."""

import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from app.adapters import imaging
from app.adapters.imaging import child, looks
from app.core.embedded.process import alive
from app.media import rules
from tests.support import pictures
from tests.support.desk import until
from tests.support.pictures import FAILING, REFUSED, TAKEN


async def examined(content: bytes, tmp_path: Path) -> imaging.Picture:
    source, made = tmp_path / "source", tmp_path / "made"
    source.write_bytes(content)
    made.mkdir()
    return await imaging.examine(source, made)


@pytest.mark.parametrize("name", TAKEN)
async def test_what_is_odd_is_made_anew_in_every_size(tmp_path: Path, name: str):
    picture = await examined(TAKEN[name](), tmp_path)

    assert {file.format for file in picture.files} == {"avif", "webp", "jpg"}
    for file in picture.files:
        with Image.open(tmp_path / "made" / file.name) as image:
            assert (image.size, image.mode) == ((file.width, file.height), "RGB"), file
            assert not image.info.keys() & {"exif", "icc_profile", "xmp", "comment", "photoshop", "Comment"}, file
            assert len(image.getexif()) == 0


@pytest.mark.parametrize("name", FAILING)
async def test_what_is_broken_or_a_trap_is_refused_by_name(tmp_path: Path, name: str):
    make, code = FAILING[name]
    with pytest.raises(imaging.Unfit) as refused:
        await examined(make(), tmp_path)

    assert refused.value.code == code


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in ("50 MB", "nothing")])
async def test_what_is_refused_at_a_glance_would_be_refused_here_too(tmp_path: Path, name: str):
    make, _, code = REFUSED[name]
    with pytest.raises(imaging.Unfit) as refused:
        await examined(make(), tmp_path)

    assert refused.value.code == code


async def test_nothing_but_the_pixels_of_a_phone_is_left_and_it_stands_upright(tmp_path: Path):
    content = pictures.shot_upright()
    picture = await examined(content, tmp_path)
    whole = b"".join(path.read_bytes() for path in (tmp_path / "made").iterdir())

    assert (picture.width, picture.height) == (600, 800)
    assert pictures.GPS.encode() in content
    for secret in (pictures.GPS.encode(), pictures.THUMBNAIL, b"Exif", b"taken by Ali"):
        assert secret not in whole


async def test_what_is_clear_becomes_white(tmp_path: Path):
    await examined(pictures.saved(Image.new("RGBA", (400, 300), (255, 0, 0, 0)), "PNG"), tmp_path)
    with Image.open(tmp_path / "made" / "400.jpg") as image:
        assert image.getpixel((200, 150)) == (255, 255, 255)


async def test_sixteen_bits_keep_their_light(tmp_path: Path):
    await examined(TAKEN["sixteen bits"](), tmp_path)
    with Image.open(tmp_path / "made" / "640.jpg") as image:
        assert image.getpixel((200, 150)) == (156, 156, 156)


async def test_a_picture_is_never_made_larger_than_it_is(tmp_path: Path):
    picture = await examined(pictures.good(width=700, height=500), tmp_path)

    assert sorted({file.width for file in picture.files}) == [320, 640, 700]


async def test_a_blurred_and_a_dark_picture_are_worth_less(tmp_path: Path):
    plain = pictures.scene(1600, 1200)
    scores = []
    for number, image in enumerate(
        (plain, plain.filter(ImageFilter.GaussianBlur(9)), ImageEnhance.Brightness(plain).enhance(0.08))
    ):
        (tmp_path / str(number)).mkdir()
        scores.append(await examined(pictures.saved(image, quality=92), tmp_path / str(number)))

    assert scores[0].quality > 80
    assert scores[1].sharpness < scores[0].sharpness / 2
    assert scores[2].exposure < scores[0].exposure / 2
    assert max(scores[1].quality, scores[2].quality) < scores[0].quality


def near(one: Image.Image, other: Image.Image) -> int:
    return rules.differs_by(looks.dhash(one.convert("L")), looks.dhash(other.convert("L")))


def test_a_picture_saved_again_or_cut_a_little_looks_the_same_and_others_do_not():
    plain = pictures.scene(800, 600, 7)
    again = Image.open(io.BytesIO(pictures.saved(plain.resize((500, 375)), quality=40)))
    cut = plain.crop((10, 8, 790, 592))

    assert near(plain, again) <= rules.NEARLY_THE_SAME
    assert near(plain, cut) <= rules.NEARLY_THE_SAME
    assert all(near(plain, pictures.scene(800, 600, seed)) > rules.NEARLY_THE_SAME for seed in range(20, 40))


async def test_steps_that_need_a_model_say_that_nothing_was_done(tmp_path: Path):
    picture = await examined(pictures.good(), tmp_path)

    assert picture.steps == {"plates": "none", "background": "none"}


def test_the_child_may_use_no_more_than_its_limits_and_knows_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for pictures")
    asked = (
        "import os, resource, sys; from app.adapters.imaging import child; child.limit();"
        "print([resource.getrlimit(one)[1] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU)], sorted(os.environ))"
    )
    root = Path(child.__file__).parents[3]
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=root, env=imaging._environment(), capture_output=True, check=True, text=True
    ).stdout

    assert said.startswith(f"[{child.MEMORY_BYTES}, {child.PROCESSOR_S}]")
    assert "SECRET_KEY" not in said
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != child.MEMORY_BYTES


async def test_a_child_that_does_not_answer_is_killed(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(imaging, "WITHIN_S", 0.01)
    with pytest.raises(imaging.TooSlow):
        await examined(pictures.good(), tmp_path)


@pytest.mark.parametrize(("code", "answer"), [(-9, b""), (-24, b""), (0, b'{"refused": "too_heavy"}')])
def test_a_child_that_met_a_limit_says_too_heavy(code: int, answer: bytes):
    assert imaging._understood(code, answer).refused == "too_heavy"


def test_a_child_dies_with_who_asked():
    middle = (
        "import subprocess, sys; one = subprocess.Popen([sys.executable, '-c', 'from app.adapters.imaging import child;"
        " import time; child.limit(); print(flush=True); time.sleep(60)'], stdout=subprocess.PIPE);"
        " one.stdout.readline(); print(one.pid, flush=True); import os; os.kill(os.getpid(), 9)"
    )
    said = subprocess.run(
        [sys.executable, "-c", middle], cwd=Path(child.__file__).parents[3], capture_output=True, text=True, check=False
    ).stdout

    # only Linux promises it; elsewhere the child's own deadline ends it
    assert sys.platform != "linux" or until(lambda: not alive(int(said)), within=5)
