from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("articles.urls")),
]

handler400 = "articles.views.errors.handle_400"
handler403 = "articles.views.errors.handle_403"
handler404 = "articles.views.errors.handle_404"
handler500 = "articles.views.errors.handle_500"
