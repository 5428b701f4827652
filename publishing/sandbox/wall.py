"""What the public sees. No login, as on the real platforms."""

from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from publishing.sandbox import images
from publishing.sandbox.models import Account, Picture, Post, now


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    public = Q(posts__deleted_at=None, posts__published_at__lte=now())
    accounts = Account.objects.annotate(
        public_posts=Count("posts", filter=public), latest=Max("posts__published_at", filter=public)
    )
    return render(request, "sandbox/index.html", {"accounts": accounts})


@require_GET
def wall(request: HttpRequest, platform: str, external_id: str) -> HttpResponse:
    account = get_object_or_404(Account, platform=platform, external_id=external_id)
    Post.objects.bring_back()
    posts = account.posts.public().newest_first().prefetch_related("pictures")
    return render(request, f"sandbox/{account.platform}.html", {"account": account, "posts": posts})


@require_POST
def remove(request: HttpRequest, platform: str, external_id: str) -> HttpResponse:
    """What the owner would do in the app. Removing twice is fine."""
    account = get_object_or_404(Account, platform=platform, external_id=external_id)
    post = get_object_or_404(Post, account=account, graph_id=request.POST.get("post", "").replace("\0", ""))
    post.remove()
    return redirect(account)


@require_GET
def image(request: HttpRequest, sha256: str) -> HttpResponse:
    picture = Picture.objects.filter(sha256=sha256).first()
    if picture is None or not images.path_of(sha256).exists():
        raise Http404("There is no such image.")
    return HttpResponse(images.path_of(sha256).read_bytes(), content_type=picture.mime)
