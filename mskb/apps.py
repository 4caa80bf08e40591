from django.contrib.admin.apps import AdminConfig


class CurationAdminConfig(AdminConfig):
    """Django's admin with the project's own site."""

    default_site = "mskb.admin_site.CurationSite"
