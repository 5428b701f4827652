from django.urls import path

from sophia.signin import you

app_name = "you"
urlpatterns = [
    path("", you.you, name="you"),
    path("password", you.ChangePassword.as_view(), name="password"),
    path("elsewhere", you.sign_out_elsewhere, name="elsewhere"),
    path("second-factor", you.factor, name="factor"),
    path("second-factor/codes", you.new_codes, name="codes"),
    path("second-factor/remove", you.remove_factor, name="remove"),
]
