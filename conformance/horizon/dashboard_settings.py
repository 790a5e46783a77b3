"""Settings of a private Horizon: Debian's own, with what an operator writes in local_settings.py, from the environment."""

import os
import sys
import types

_local = types.ModuleType('local.local_settings')
_local.DEBUG = False
_local.ALLOWED_HOSTS = ['127.0.0.1']
_local.SECRET_KEY = os.environ['DASHBOARD_SECRET']
_local.LOCAL_PATH = os.environ['DASHBOARD_FOLDER']
_local.EMAIL_BACKEND = 'django.core.mail.backends.dummy.EmailBackend'
_local.OPENSTACK_KEYSTONE_URL = os.environ['DASHBOARD_KEYSTONE_URL']
_local.OPENSTACK_NEUTRON_NETWORK = {
    'enable_router': True,
    'enable_quotas': True,
    'enable_rbac_policy': True,
    'physical_networks': ['public'],
}
_local.TIME_ZONE = 'UTC'
_local.LOGGING = {
    'version': 1,
    'disable_existing_loggers': False,
    'formatters': {'plain': {'format': '%(levelname)s %(name)s %(message)s'}},
    'handlers': {'console': {'class': 'logging.StreamHandler', 'formatter': 'plain'}},
    'root': {'handlers': ['console'], 'level': 'INFO'},
}
# In place of the one in /etc, which is this machine's.
sys.modules['local.local_settings'] = _local

from openstack_dashboard.settings import *  # noqa: E402,F401,F403

# Without a compute service there is no overview to begin with.
HORIZON_CONFIG['user_home'] = '/project/networks/'  # noqa: F405
