"""What agents may ask, and what they are told when they may not. Straight at the tools."""

import base64

import pytest

from approval.agents import tools
from approval.agents.callers import Caller
from approval.agents.writing import Given
from approval.models import Draft
from publishing.models import Client, Pause, Recovery
from sophia.refusals import ChangedUnderneath, NotAcceptable, NotAllowed, Refused, WrongState
from tests import make

pytestmark = pytest.mark.django_db
AT = "2030-10-01T09:00"


@pytest.fixture
def submit(page, author):
    def call(text="Fresh bread at seven.", shelf=None, person=None, clients=None, **typed):
        given = {"account": page.label, "ref": "a-1", **typed}
        return tools.submit_draft(person or author, clients, shelf or Given(), text=text, **given)

    return call


def drafted(answer) -> Draft:
    return Draft.objects.get(pk=answer["id"])


def test_a_draft_is_submitted_for_a_human_to_judge(submit, author):
    answer = submit(title="Bread", suggested_at="2030-10-01T09:00")
    draft = drafted(answer)
    assert (answer["result"], draft.state, draft.author) == ("created", "in_review", author)
    assert list(draft.decisions.values_list("verb", "via")) == [("written", "mcp"), ("submitted", "mcp")]
    assert tools.list_drafts(author, None)["drafts"][0]["ref"] == "a-1"


def test_the_same_ref_revises_it(submit):
    submit()
    digest = submit()["digest"]
    assert submit()["result"] == "unchanged"
    answer = submit("Fresh rolls at seven.", digest=digest)
    assert (answer["result"], drafted(answer).text, Draft.objects.count()) == ("revised", "Fresh rolls at seven.", 1)


def test_brought_again_it_takes_nothing_from_what_a_human_wrote_since(submit, operator):
    draft = drafted(submit())
    draft.edit(by=operator, text="Fresh bread at eight.", link="", pictures=[], digest=draft.digest())
    answer = submit()
    assert (answer["result"], drafted(answer).text) == ("unchanged", "Fresh bread at eight.")
    assert submit("Fresh rolls at seven.", digest=answer["digest"])["result"] == "revised"
    assert submit("Fresh rolls at seven.", digest=answer["digest"])["result"] == "unchanged"


def test_a_revision_of_another_version_overwrites_nothing(submit, operator):
    draft, old = drafted(submit()), submit()["digest"]
    draft.edit(by=operator, text="Fresh bread at eight.", link="", pictures=[], digest=old)
    for digest, said in ((old, "was changed since the version that you revise"), ("", "send the digest")):
        with pytest.raises(WrongState if not digest else ChangedUnderneath, match=said):
            submit("Fresh rolls at seven.", digest=digest)
    draft.refresh_from_db()
    assert draft.text == "Fresh bread at eight."


def test_a_revision_leaves_alone_what_it_does_not_name(submit, author, page):
    loaf = make.image("gold").sha256
    told = submit(images=[loaf], alt=["A loaf"], link="https://lua.example/", title="Bread", suggested_at=AT)
    revised = tools.submit_draft(author, None, Given(), page.label, text="Rolls.", ref="a-1", digest=told["digest"])
    kept = ("images", "link", "title", "suggested_at")
    assert {name: revised[name] for name in kept} == {name: told[name] for name in kept}
    assert (revised["result"], revised["text"]) == ("revised", "Rolls.")


def test_an_image_that_stays_keeps_its_alt_text(submit):
    loaf, oven = make.image("gold").sha256, make.image("navy").sha256
    told = submit(images=[loaf], alt=["A loaf"])
    revised = submit(images=[oven, loaf], digest=told["digest"])
    assert [image["alt"] for image in revised["images"]] == ["", "A loaf"]
    described = submit(alt=["An oven"], digest=revised["digest"])
    assert [image["alt"] for image in described["images"]] == ["An oven", "A loaf"]


@pytest.mark.parametrize(("named", "value"), [("title", "Monday"), ("suggested_at", "2030-11-01T09:00")])
def test_a_changed_title_or_time_is_applied(submit, named, value):
    told = submit(title="Bread", suggested_at=AT)
    with pytest.raises(WrongState, match="send the digest"):
        submit(**{named: value})
    revised = submit(**{named: value}, digest=told["digest"])
    decision = drafted(revised).decisions.get(verb="edited")
    assert (revised["result"], revised[named] != told[named], list(decision.diff)) == ("revised", True, [named])
    assert submit(**{named: value}, digest=told["digest"])["result"] == "unchanged"


def test_there_is_nothing_to_revise_under_a_ref_that_is_new(submit):
    with pytest.raises(Refused, match="There is no draft of the ref “a-1” to revise"):
        submit(digest="0" * 64)
    assert not Draft.objects.exists()


def test_an_agent_hears_that_its_time_has_passed(submit):
    assert "has passed. A human has to choose" in submit(suggested_at="2025-12-14T07:00")["warning"]
    assert "warning" not in submit(ref="a-2", suggested_at=AT)


def test_a_rejected_draft_tells_why_and_goes_back_to_review_when_it_is_changed(submit, author, operator):
    draft = drafted(submit())
    draft.reject(by=operator, tags=["tone"], note="Less shouting.")
    told = tools.draft_status(author, None, "a-1")
    assert told["guidance"] == {"tags": ["tone"], "note": "Less shouting.", "by": "olga"}
    with pytest.raises(WrongState, match="change it first"):
        submit()
    submit("fresh bread, quietly", digest=told["digest"])
    draft.refresh_from_db()
    assert draft.state == "in_review"
    assert tools.draft_status(author, None, str(draft.pk))["guidance"] is None


def test_an_account_is_not_changed_by_a_revision(submit, author):
    told = submit()
    other = make.account("facebook", "2002", client="Nursery")
    with pytest.raises(Refused, match="which has this ref, is for facebook:1001"):
        submit(account=other.label, digest=told["digest"])


def test_an_approved_draft_cannot_be_revised(submit, operator):
    make.approved(drafted(submit()), operator)
    with pytest.raises(WrongState, match="A human has approved"):
        submit("Something else.")


def test_no_tool_approves_lifts_or_removes():
    names = {tool.__name__ for tool in tools.TOOLS}
    assert names == {
        "submit_draft",
        "list_drafts",
        "draft_status",
        "list_publications",
        "why_not_going_out",
        "request_recovery",
        "pause",
    }
    assert "human" in " ".join(tool.__doc__ for tool in (tools.submit_draft, tools.request_recovery, tools.pause))


def test_images_come_by_hash_in_the_call_or_from_the_folder_that_was_opened(submit, tmp_path):
    data = "data:image/jpeg;base64," + base64.b64encode(make.jpeg()).decode()
    (tmp_path / "loaf.jpg").write_bytes(make.jpeg(color="navy"))
    answer = submit(images=[make.image("olive").sha256, data, "loaf.jpg"], alt=["A loaf"], shelf=Given(tmp_path))
    assert [image["alt"] for image in answer["images"]] == ["A loaf", "", ""]


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("0" * 64, "Sophia has no image"),
        ("data:image/png;base64,***", "no base64"),
        ("data:image/png;base64,é", "no base64"),
        ("data:image/png;base64,AAAA", "not a readable"),
        ("../secret.jpg", "outside the folder"),
        ("/etc/passwd", "outside the folder"),
    ],
)
def test_an_image_that_is_none_is_refused(submit, tmp_path, image, said):
    with pytest.raises(Refused, match=said):
        submit(images=[image], shelf=Given(tmp_path))
    assert not Draft.objects.exists()


def test_without_an_opened_folder_no_file_can_be_named(submit):
    with pytest.raises(Refused, match="An image is the SHA-256"):
        submit(images=["/etc/passwd"])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"account": "facebook:9"}, "no account"),
        ({"link": "lua"}, "not a link"),
        ({"suggested_at": "soon"}, "not a time"),
        ({"text": ""}, "The post is empty"),
        ({"text": "\0"}, "not text"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(submit, typed, said):
    with pytest.raises(Refused, match=said):
        submit(**typed)


def test_who_has_no_role_may_do_nothing(submit, stranger, publication):
    for call in (
        lambda: submit(person=stranger),
        lambda: tools.list_drafts(stranger, None),
        lambda: tools.list_publications(stranger, None),
        lambda: tools.request_recovery(stranger, None, str(publication.pk), "Wrong price"),
        lambda: tools.pause(stranger, None, "Wrong"),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_other_clients_are_not_seen(submit, operator, publication, page):
    elsewhere = frozenset({Client.objects.create(name="Nursery").pk})
    assert tools.list_drafts(operator, elsewhere)["drafts"] == []
    assert tools.list_publications(operator, elsewhere)["publications"] == []
    for call in (
        lambda: submit(person=operator, clients=elsewhere),
        lambda: tools.draft_status(operator, elsewhere, str(publication.draft.pk)),
        lambda: tools.why_not_going_out(operator, elsewhere, str(publication.pk)),
        lambda: tools.request_recovery(operator, elsewhere, str(publication.pk), "Wrong"),
        lambda: tools.pause(operator, elsewhere, "Wrong", account=page.label),
        lambda: tools.pause(operator, elsewhere, "Wrong", client="Café Lua"),
        lambda: tools.pause(operator, elsewhere, "Wrong"),
    ):
        with pytest.raises(Refused):
            call()
    assert not Pause.objects.exists()


def test_why_a_post_does_not_go_out(publication, operator, author):
    tools.pause(operator, None, "The shop is closed", client="Café Lua")
    told = tools.why_not_going_out(author, None, str(publication.pk))
    closed = [check["check"] for check in told["checks"] if not check["open"]]
    assert (told["waits"], closed, told["earliest"]) == (True, ["Pause"], None)
    assert "The shop is closed" in tools.list_publications(author, None)["publications"][0]["held"]
    assert Pause.objects.get().started_via == "mcp"


def test_what_is_out_does_not_wait(draft, operator):
    publication = make.published(draft, operator)
    assert tools.why_not_going_out(operator, None, publication.permalink)["waits"] is False


def test_a_take_down_is_filed_for_a_human(draft, operator):
    publication = make.published(draft, operator)
    tools.request_recovery(operator, None, str(publication.pk), "Wrong price")
    recovery = Recovery.objects.get()
    assert (recovery.state, recovery.urgency, recovery.via) == ("pending", "review", "mcp")
    assert recovery.executed_by is None
    assert publication.is_live


def test_one_that_waits_is_not_taken_down(publication, operator):
    with pytest.raises(WrongState):
        tools.request_recovery(operator, None, str(publication.pk), "Wrong price")


def test_states_and_platforms_that_are_none_are_named(operator):
    with pytest.raises(Refused, match="in_review"):
        tools.list_drafts(operator, None, state="waiting")
    with pytest.raises(Refused, match="facebook, instagram"):
        tools.pause(operator, None, "Wrong", platform="myspace")


def test_the_limits_of_the_platform_hold(submit):
    with pytest.raises(NotAcceptable, match="63,206"):
        submit("x" * 63_207)


def test_a_ref_of_another_client_is_taken_and_nothing_more_is_told(submit, operator):
    submit()
    other = make.account("facebook", "2002", client="Nursery")
    with pytest.raises(Refused, match="is taken"):
        submit(person=operator, clients=frozenset({other.client_id}), account=other.label)


def test_a_token_without_the_scope_is_refused(author):
    with pytest.raises(NotAllowed, match="lacks the scope pauses:write"):
        Caller(author, make.token(author, "drafts:read")[0]).require("pauses:write")


def test_a_caller_works_for_the_clients_of_the_person_and_of_the_token(author, page):
    other = make.account("facebook", "2002", client="Nursery").client
    both, cafe = frozenset({page.client_id, other.pk}), frozenset({page.client_id})
    assert Caller(author).clients is None
    assert Caller(author, make.token(author, clients=[page.client])[0]).clients == cafe
    some = make.member(author, page.client, other)
    assert Caller(some).clients == both
    assert Caller(some, make.token(some)[0]).clients == both
    assert Caller(some, make.token(some, clients=[page.client])[0]).clients == cafe
    assert Caller(make.member(author, other), make.token(author, clients=[page.client])[0]).clients == frozenset()
