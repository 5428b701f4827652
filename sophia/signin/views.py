"""The doors in and out: one page for the name and password, one for the code, whether to the desk or to the admin."""

from typing import Any

from django.contrib.auth import load_backend, login
from django.contrib.auth import views as auth
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sophia import security
from sophia.signin import proving, requirement
from sophia.signin.models import Hurried, SecondFactor
from sophia.signin.models.tries import What

AWAITED = "awaited"
"""In the session: whose code is awaited, and until when."""
AWAITED_FOR = 600


class SignIn(auth.LoginView):
    template_name = "login.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What is said never depends on whether there is somebody of this name."""
        try:
            self.attempt = proving.begin(What.PASSWORD, name_in(request))
        except Hurried as hurried:
            return self.wait(hurried)
        return super().post(request, *args, **kwargs)

    def wait(self, hurried: Hurried) -> HttpResponse:
        context = self.get_context_data(form=self.get_form_class()(self.request), hurried=hurried)
        response = render(self.request, self.template_name, context, status=429)
        response["Retry-After"] = str(int(hurried.wait.total_seconds()) + 1)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        name = proving.known(name_in(self.request))
        security.note(security.Kind.SIGN_IN_FAILED, about=name, said="A wrong password.")
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        self.attempt.succeed()
        person: User = form.get_user()
        if SecondFactor.objects.of(person):
            await_code(self.request, person, self.get_redirect_url())
            return redirect("login_code")
        return welcome(self.request, person, self.get_success_url())


def name_in(request: HttpRequest) -> str:
    """As Django's form reads it: a name can be written in many ways that stand for one."""
    return User.normalize_username(request.POST.get("username", "").strip())


def await_code(request: HttpRequest, person: Any, next_page: str) -> None:
    """Nobody is signed in yet. A changed password ends the waiting too."""
    request.session.cycle_key()
    request.session[AWAITED] = {
        "person": person.pk,
        "backend": person.backend,
        "hash": person.get_session_auth_hash(),
        "until": timezone.now().timestamp() + AWAITED_FOR,
        "next": next_page,
    }


def awaited(request: HttpRequest) -> tuple[User, str] | None:
    """Whose code is awaited, and where they want to go."""
    waiting = request.session.get(AWAITED)
    if not waiting or waiting["until"] < timezone.now().timestamp():
        return None
    person: Any = load_backend(waiting["backend"]).get_user(waiting["person"])
    if person is None or person.get_session_auth_hash() != waiting["hash"]:
        return None
    person.backend = waiting["backend"]
    return person, waiting["next"]


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    found = awaited(request)
    if found is None:
        return redirect("login")
    person, next_page = found
    if request.method != "POST":
        return render(request, "signin/code.html", {"person": person})
    try:
        proving.prove_by_code(person, request.POST.get("code", ""))
    except (proving.NotProved, Hurried) as problem:
        status = 429 if isinstance(problem, Hurried) else 403
        return render(request, "signin/code.html", {"person": person, "problem": problem}, status=status)
    return welcome(request, person, next_page or resolve_url("home"))


def welcome(request: HttpRequest, person: Any, next_page: str) -> HttpResponse:
    """`next_page` was judged by Django: it is a page of ours."""
    request.session.pop(AWAITED, None)
    login(request, person)
    security.note(security.Kind.SIGNED_IN, by=person)
    return HttpResponseRedirect(resolve_url("you:factor") if requirement.is_lacking(person) else next_page)


class SignOut(auth.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        proving.sign_out_noted(request)
        return super().post(request, *args, **kwargs)
