from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "sophia.tokens"
    verbose_name = "API tokens"
