"""What a dossier proves, what it does not, and how anybody can check it. Sentences for a client."""

from typing import Any

from publishing.models.states import State

PUBLISHED = "It was published."
STANDS = {
    State.QUEUED: "It has been approved and waits for its time. It has not gone out.",
    State.PUBLISHING: "It is being published this moment.",
    State.PUBLISHED: f"{PUBLISHED} As far as Sophia knows it is public.",
    State.UNCONFIRMED: "Nobody knows whether it is public: the platform's answer was lost.",
    State.FAILED: "It has not gone out: publishing failed.",
    State.MISSED: "It has not gone out: its time passed.",
    State.HANDOFF: "It waits for a person to post it by hand.",
    State.CANCELLED: "It was cancelled and has not gone out.",
    State.RECOVERED: "It was published, taken down again, and is proved gone.",
}
DIGEST_COMMAND = (
    "python3 -c \"import json,hashlib;m=json.load(open('{name}.json','rb'))['manifest'];"
    "print(hashlib.sha256(json.dumps(m,ensure_ascii=False,sort_keys=True,separators=(',',':')).encode()).hexdigest())\""
)
IMAGES_COMMAND = (
    "python3 -c \"import re,base64,hashlib;page=open('{name}.html',encoding='utf-8').read();"
    "[print(hashlib.sha256(base64.b64decode(data)).hexdigest()) "
    "for data in re.findall('src=.data:image/[a-z]+;base64,([^ >]+?).[ >]',page)]\""
)
UNPROVED = (
    "Who sat at the keyboard. It shows under which name somebody was signed in.",
    "Anything to a person who distrusts the agency's own server: the key of the seal is kept there, and whoever holds "
    "it could seal something else. To the agency itself the seal shows that nobody without the key changed a letter.",
    "How the platform showed the images: it compresses them. Reading back compares the text.",
    "What was public between two looks. Sophia looks at the times listed here, and not in between.",
    "That this file is as Sophia made it. Compare it with a fresh one from the same Sophia.",
)


def of(facts: dict[str, Any]) -> dict[str, Any]:
    """Of a collected document: the sentences and commands that belong to it."""
    name = f"dossier-{facts['publication']['id']}"
    return {
        "stands": stands(facts),
        "proves": proved(facts),
        "does_not_prove": list(UNPROVED),
        "checks": {"digest": DIGEST_COMMAND.format(name=name), "images": IMAGES_COMMAND.format(name=name)},
    }


def stands(facts: dict[str, Any]) -> str:
    """What has become of it, with what the state alone does not tell."""
    state, looks = facts["publication"]["state"], facts["sightings"]
    if state == State.RECOVERED and (left := photos_left(facts["recoveries"])):
        return f"{STANDS[state]} But {left} of its photos {'is' if left == 1 else 'are'} not gone."
    if state == State.RECOVERED and witnessed(facts["recoveries"]):
        return f"{PUBLISHED} It was taken down again, and a person saw that it is gone. Sophia could not look."
    if state != State.PUBLISHED:
        return STANDS[state]
    if not facts["publication"]["identity_is_proved"]:
        return f"{STANDS[state]} {unproved(facts['publication'])}"
    if any(recovery["is_open"] and recovery["executed_by"] for recovery in facts["recoveries"]):
        return f"{PUBLISHED} It is to be taken down, and is not proved gone."
    if facts["seen"]["first_gone_at"]:
        return f"{PUBLISHED} It is no longer to be seen, and nobody took it down with Sophia."
    if looks and looks[-1]["verdict"] == "differs":
        return f"{PUBLISHED} When it was last looked at, its text was not the approved one."
    return STANDS[state]


def unproved(publication: dict[str, Any]) -> str:
    """What nobody has confirmed is said to be so."""
    if not publication["post_id"]:
        return "Nobody knows which post on the platform it is."
    return f"Which post on the platform it is was {publication['known_how']}."


def witnessed(recoveries: list[dict[str, Any]]) -> bool:
    return any(entry["verb"] == "witness" for recovery in recoveries for entry in recovery["evidence"])


def photos_left(recoveries: list[dict[str, Any]]) -> int:
    return sum(len(recovery["photos_left"]) for recovery in recoveries)


def proved(facts: dict[str, Any]) -> list[str]:
    return [
        "The digest stands for exactly the account, text, link, images and alt texts in this file, in this order: one "
        "other letter gives another digest. Anybody can compute it again, with the command in this file.",
        *seal(facts["approval"]),
        *files(facts["images"]),
        *outside(facts["publication"], facts["attempts"]),
        *read_back(facts["sightings"]),
        *gone(facts["recoveries"]),
    ]


def seal(approval: dict[str, Any]) -> list[str]:
    by, first = approval["by"]["username"], approval["agreed"]
    who = f"the two approvers, {first['by']['username']} and {by}" if first else "the approver"
    if not approval["seal_fits"]:
        return [f"The seal does not fit: {approval['seal_problem']}. What is shown here is not proved to be approved."]
    return [
        f"The seal fits. When {by} approved, Sophia signed this digest together with {who}, the time, this one "
        "publication and the way it goes out. None of them has been changed since by anybody without Sophia's key."
    ]


def files(images: list[dict[str, Any]]) -> list[str]:
    if not images:
        return []
    lost = [str(number) for number, image in enumerate(images, 1) if image["file"] != "intact"]
    if lost:
        return [f"The file of image {', '.join(lost)} is no longer the approved one and is not shown. Its hash is."]
    return ["The images in this file are, byte for byte, the approved ones."]


def outside(publication: dict[str, Any], attempts: list[dict[str, Any]]) -> list[str]:
    if not publication["published_at"]:
        return []
    if not any(attempt["calls"] for attempt in attempts):
        return ["A person said that it is public. Sophia did not send it."]
    said = (
        "Every call to the platform, with its answer and the platform's own trace id, is as it was written down then."
    )
    return [said]


def read_back(sightings: list[dict[str, Any]]) -> list[str]:
    if not sightings:
        return []
    live = sum(sighting["verdict"] == "live" for sighting in sightings)
    return [
        f"Looks at the public post since: {len(sightings)}. Of these, {live} found it there with the approved text."
    ]


def gone(recoveries: list[dict[str, Any]]) -> list[str]:
    if not any(recovery["state"] == "completed" for recovery in recoveries):
        return []
    said = "It is gone: the evidence in this file is what the platform answered, or what a named person saw."
    if photos_left(recoveries):
        said += " Its photos that Facebook did not delete are named here too: that they are gone is not proved."
    return [said]
