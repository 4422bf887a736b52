import allauth.account.admin
import allauth.mfa.admin  # noqa: F401 (what these register is taken away below)
import django.contrib.auth.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.models import Branch, Grant, User
from web.admin import ReadOnlyAdmin

# The same door as for everybody: one sign-in, one rate limit, one second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# One shows the secrets of second factors, one has an action that writes, and groups are not used.
admin.site.unregister([Authenticator, EmailAddress, Group])


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "branch", "time_zone", "is_active"]
    list_select_related = ["branch"]
    exclude = ["password"]
    view_on_site = False


@admin.register(Branch)
class BranchAdmin(ReadOnlyAdmin):
    list_display = ["name"]


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ["user", "role", "branch", "officer"]
    list_select_related = ["user", "branch", "officer"]
