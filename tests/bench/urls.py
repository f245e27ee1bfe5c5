from django.urls import path

from config.urls import urlpatterns as house
from tests.bench.floor import floor

urlpatterns = [path("bench/floor/", floor, name="bench_floor"), *house]
