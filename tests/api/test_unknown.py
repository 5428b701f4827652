"""What the API does not know it refuses, and it names what may have been meant."""

from approval.models import Draft


def test_a_field_that_is_not_known_is_refused_with_the_nearest(program, page):
    answer = program.post("drafts", account=page.label, text="Bread.", image=[], first_comment="#bread")
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (
        422,
        ["image", "first_comment"],
    )
    assert "“image” is not known here. Is “images” meant? Known are account, text" in answer.json()["detail"]
    assert not Draft.objects.exists()


def test_so_is_one_inside_of_an_image(program, page):
    answer = program.post("drafts", account=page.label, text="Bread.", images=[{"sha256": "0" * 64, "alts": "A loaf"}])
    assert answer.json()["errors"][0]["field"] == "images.0.alts"
    assert "Is “alt” meant?" in answer.json()["detail"]


def test_a_field_that_is_there_twice_is_refused(program, page):
    body = f'{{"account": "{page.label}", "text": "Bread.", "text": "Rolls."}}'
    answer = program.client.generic("POST", "/api/v1/drafts", body, content_type="application/json")
    assert (answer.status_code, answer.json()["detail"]) == (400, "“text” is there twice. Write it once.")


def test_a_list_names_the_nearest_way_to_narrow_it(program):
    assert "Is “state” meant?" in program.get("drafts", stat="approved").json()["detail"]
