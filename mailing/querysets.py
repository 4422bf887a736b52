from django.db import models


class DeliveryQuerySet(models.QuerySet):
    pass
