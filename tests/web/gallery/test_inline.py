"""Mail made safe to look at."""

from pathlib import Path

import pytest

from tailorbird.web.gallery.inline import BLANK, data_uri, image_index, inline_html

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def images(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "blue kettle.png").write_bytes(PNG)
    (tmp_path / "notes.txt").write_text("no image")
    return image_index(tmp_path)


def test_images_are_found_by_name_wherever_they_were_served_from(images: dict[str, Path]) -> None:
    html = inline_html('<img src="https://shop.example/media/blue%20kettle.png?v=2" alt="Kettle">', images)
    assert 'src="data:image/png;base64,' in html
    assert 'alt="Kettle"' in html


def test_unknown_images_and_tracking_pixels_become_blank(images: dict[str, Path]) -> None:
    assert inline_html('<img src="http://127.0.0.1:8787/o/token.gif">', images) == f'<img src="{BLANK}">'
    assert BLANK in inline_html('<img src="http://[bad/x.png">', images)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://x.example/c/token">go</a>',
        '<link rel="stylesheet" href="https://x.example/font.css">',
        "<style>@import url(https://x.example/f.css); p{background:url('https://x.example/a.png')}</style>",
        '<td background="https://x.example/a.png" style="background:url(//x.example/b.png)">t</td>',
        '<img srcset="https://x.example/a.png 2x" src="https://x.example/a.png">',
        "<!--[if mso]><v:image src='https://x.example/a.png'/><![endif]-->",
        '<form action="https://x.example/"><button formaction="https://x.example/">b</button></form>',
        '<meta http-equiv="refresh" content="0;url=https://x.example/">',
        '<svg><image href="https://x.example/a.png"/></svg>',
        '<base href="https://x.example/">',
        '<video poster="https://x.example/a.png" src="https://x.example/v.mp4"></video>',
    ],
)
def test_nothing_that_loads_or_leads_outside_is_left(html: str) -> None:
    assert "x.example" not in inline_html(html, {})


def test_scripts_and_handlers_are_gone_and_words_stay() -> None:
    html = inline_html("<p onclick='x()'>Caf&eacute; &#8364;5 &lt;b&gt;</p><script>alert(1)</script>after", {})
    assert html == "<p>Caf&eacute; &#8364;5 &lt;b&gt;</p>after"


def test_an_attribute_cannot_break_out_of_its_quotes() -> None:
    assert inline_html("<p title='a\"><script>'>x</p>", {}) == '<p title="a&quot;&gt;&lt;script&gt;">x</p>'


def test_no_folder_means_no_images(tmp_path: Path) -> None:
    assert image_index(None) == {}
    assert image_index(tmp_path / "none") == {}


def test_a_huge_image_is_left_out(tmp_path: Path) -> None:
    huge = tmp_path / "huge.png"
    huge.write_bytes(b"0" * 3_000_001)
    assert data_uri(huge) == BLANK
