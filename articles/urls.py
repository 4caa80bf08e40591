from django.urls import path

from articles.views.about import about
from articles.views.claim import claim
from articles.views.claims import claims
from articles.views.compare import compare, compare_csv
from articles.views.files import claims_csv, sources_csv
from articles.views.health import healthz, readyz, robots
from articles.views.home import home
from articles.views.how_we_grade import how_we_grade
from articles.views.map import evidence_map, map_csv, map_svg
from articles.views.node import condition, outcome, therapy
from articles.views.publisher import publisher
from articles.views.publishers import publishers
from articles.views.question import question
from articles.views.source import source
from articles.views.sources import sources
from articles.views.tree import conditions, outcomes, therapies

urlpatterns = [
    path("", home, name="home"),
    path("sources/", sources, name="sources"),
    path("sources.csv", sources_csv, name="sources_csv"),
    path("sources/<int:pk>/", source, name="source"),
    path("sources/<int:pk>/<slug:slug>/", source, name="source"),
    path("claims/", claims, name="claims"),
    path("claims.csv", claims_csv, name="claims_csv"),
    path("claims/<str:public_id>/", claim, name="claim"),
    path("therapies/", therapies, name="therapies"),
    path("therapies/<slug:slug>/", therapy, name="therapy"),
    path("conditions/", conditions, name="conditions"),
    path("conditions/<slug:slug>/", condition, name="condition"),
    path("outcomes/", outcomes, name="outcomes"),
    path("outcomes/<slug:slug>/", outcome, name="outcome"),
    path("publishers/", publishers, name="publishers"),
    path("publishers/<slug:slug>/", publisher, name="publisher"),
    path("compare/", compare, name="compare"),
    path("compare.csv", compare_csv, name="compare_csv"),
    path("map/", evidence_map, name="map"),
    path("map.csv", map_csv, name="map_csv"),
    path("map.svg", map_svg, name="map_svg"),
    path("questions/<slug:therapy>/<slug:condition>/<slug:outcome>/", question, name="question"),
    path("how-we-grade/", how_we_grade, name="how_we_grade"),
    path("about/", about, name="about"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("robots.txt", robots, name="robots"),
]
