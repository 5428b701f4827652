import csv
import io

import pytest

from approval import sheets
from approval.models import Draft
from sophia.refusals import Refused
from tests import make

HEADS = "ref,account,text\n"


@pytest.fixture
def bring(command, page, tmp_path):
    def run(data, name="drafts.csv", *options):
        file = tmp_path / name
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return command("import_drafts", file, "--json", *options)

    return run


def wishes(data):
    return [line.read() for line in sheets.read(data).lines]


def test_a_table_is_imported_once(bring):
    answer = bring(
        HEADS + 'a-1,facebook:1001,"Fresh, warm\nbread."\n\na-2,facebook:9,Rolls.\na-3,facebook:1001,Buns.\n'
    )
    assert [(each["line"], each["ref"]) for each in answer.json["drafts"]] == [(2, "a-1"), (6, "a-3")]
    assert [each["line"] for each in answer.json["errors"]] == [5]
    assert Draft.objects.get(ref="a-1").text == "Fresh, warm\nbread."
    again = bring(HEADS + 'a-1,facebook:1001,"Fresh, warm\nbread."\n')
    assert again.json["drafts"][0]["result"] == "unchanged"


def test_images_and_alt_texts_share_a_cell(bring, tmp_path):
    (tmp_path / "a.jpg").write_bytes(make.jpeg(color="teal"))
    (tmp_path / "b.jpg").write_bytes(make.jpeg(color="coral"))
    bring("account,images,alt\nfacebook:1001,a.jpg | b.jpg,|A coral square\n")
    assert [picture.alt for picture in Draft.objects.get().pictures.all()] == ["", "A coral square"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_separators_and_encodings_are_recognised(separator, encoding):
    text = separator.join(["Ref", "Account", "Text"]) + "\r\n" + separator.join(["a", "facebook:1", '"Pão; a, b\r\nc"'])
    assert wishes(text.encode(encoding))[0]["text"] == "Pão; a, b\r\nc"


def test_latin_1_is_read_with_a_warning():
    assert "not UTF-8" in sheets.read("account,text\nx,Pão\n".encode("latin-1")).warnings[0]


def test_heads_in_other_words_refuse_the_whole_table(bring):
    answer = bring("account,image,caption,schedule_at\nfacebook:1001,,Bread.,2030-12-14T07:00\n", "d.csv", "--submit")
    assert answer.code == 1
    assert "“image” (is “images” meant?), “caption”, “schedule_at” (is “suggested_at” meant?)" in answer.error
    assert not Draft.objects.exists()


def test_a_cell_below_no_name_is_not_dropped(bring):
    answer = bring("account,text,\nfacebook:1001,Bread.,#bread\nfacebook:1001,Rolls.,\n")
    assert "“#bread” is in a column without a name." in answer.json["errors"][0]["error"]
    assert [draft.text for draft in Draft.objects.all()] == ["Rolls."]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"PK\x03\x04rest", "is a workbook"),
        (b"\x89PNG\r\n\x1a\n" + b"\0\1\2" * 50, "not a text file"),
        (b"text,link\nx,y\n", "must name the columns"),
        (b"account,text,text\nx,y,z\n", "is there twice"),
        (b'account,text\nx,"never closed\n', "never closed"),
        (b'account,text\nx,"a"b\n', "in the middle of a cell"),
    ],
)
def test_what_is_no_table_is_said(data, sentence):
    with pytest.raises(Refused, match=sentence):
        sheets.read(data)


def test_a_line_with_too_many_cells_is_bad_alone(bring):
    answer = bring(HEADS + "a-1,facebook:1001,Fresh, warm\na-2,facebook:1001,Rolls.\n")
    assert "4 cells for 3 columns" in answer.json["errors"][0]["error"]
    assert [each["ref"] for each in answer.json["drafts"]] == ["a-2"]


def test_a_file_that_is_no_table_is_said_by_the_command(bring):
    answer = bring(b"PK\x03\x04")
    assert answer.code == 1
    assert "workbook" in answer.error


def test_the_template_can_be_read():
    out = io.StringIO()
    csv.writer(out).writerows(sheets.TEMPLATE)
    assert [wish["ref"] for wish in wishes(out.getvalue().encode())] == ["autumn-1", "autumn-2"]
