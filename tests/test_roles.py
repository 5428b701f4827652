import pytest
from django.contrib.auth.models import Group

from sophia import people
from sophia.refusals import NotAllowed
from tests import make

RIGHTS = {
    "viewer": [],
    "author": [people.SUBMIT],
    "operator": [permission for permission in people.MAY if permission != people.TOKEN],
}


@pytest.mark.django_db
def test_there_are_three_roles():
    make.role("operator")
    assert set(Group.objects.values_list("name", flat=True)) == set(RIGHTS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", RIGHTS)
@pytest.mark.parametrize("permission", people.MAY)
def test_a_role_may_what_it_should_and_no_more(role, permission, request):
    person = request.getfixturevalue(role)
    if permission in RIGHTS[role]:
        people.require(person, permission, of=None)
    else:
        with pytest.raises(NotAllowed, match=f"{person} may not"):
            people.require(person, permission, of=None)
