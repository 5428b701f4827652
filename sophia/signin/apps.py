from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "sophia.signin"
    label = "signin"
    verbose_name = "Signing in and security"

    def ready(self) -> None:
        from sophia.signin import sessions  # noqa: F401  connects the receiver that notes when a session began
