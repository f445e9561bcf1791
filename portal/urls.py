"""Public pages that belong to no one app."""

from __future__ import annotations

from django.urls import path

from portal.views import calendars, erase, lists, my, sign_in, site, watch

app_name = "portal"
urlpatterns = [
    path("", site.home, name="home"),
    path("privacy/", site.privacy, name="privacy"),
    path("privacy/account/", site.account_privacy, name="account_privacy"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("display/", site.display, name="display"),
    path("lists/", lists.lists, name="lists"),
    path("alliance/<int:pk>/lists/<str:key>/", lists.one_list, name="list"),
    path("alliance/<int:pk>/lists/<str:key>/table.csv", lists.list_file, name="list_file"),
    path("health/", watch.health, name="health"),
    path("metrics/", watch.metrics, name="metrics"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("robots.txt", site.robots, name="robots"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="sign_in_code"),
    path("sign-in/welcome/", sign_in.welcome, name="welcome"),
    path("sign-in/again/", sign_in.welcome_back, name="welcome_back"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("my/", my.mine, name="my"),
    path("my/name/", my.rename, name="my_name"),
    path("my/consents/", my.consents, name="my_consents"),
    path("my/consents/<int:pk>/withdraw/", my.withdraw, name="my_consent_withdraw"),
    path("my/download/", my.download, name="my_download"),
    path("my/leave/", my.leave, name="my_leave"),
    path("calendar/", calendars.own, name="calendar"),
    path("cal/<str:token>/calendar.ics", calendars.feed, name="calendar_feed"),
    path("my/erase/", erase.erase, name="my_erase"),
]
