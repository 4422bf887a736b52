from django.urls import path

from insights.acting_views import to_act_on
from insights.rows.views import figure_rows, figure_table
from insights.views import branch_figures, officer_figures

urlpatterns = [
    path("branch/", branch_figures, name="branch_figures"),
    path("branch/officers/<int:pk>/", officer_figures, name="officer_figures"),
    path("branch/to-act-on/", to_act_on, name="to_act_on"),
    path("branch/rows/<str:name>/", figure_rows, name="figure_rows"),
    path("branch/tables/<str:name>/", figure_table, name="figure_table"),
]
