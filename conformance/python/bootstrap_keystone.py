"""Make the tables of an empty Keystone database, and in it the user `admin` with its project and Keystone's own roles.

Usage: bootstrap_keystone.py CONFIGURATION REGION, the password in OS_BOOTSTRAP_PASSWORD. Does what `keystone-manage db_sync`
and `keystone-manage bootstrap` do, in one process, as loading Keystone takes most of their time.
"""
import os
import sys

from keystone.cmd import bootstrap
from keystone.cmd import cli

configuration, region = sys.argv[1:]
cli.main(['keystone-manage', '--config-file', configuration, 'db_sync'])

bootstrapper = bootstrap.Bootstrapper()
bootstrapper.admin_username = 'admin'
bootstrapper.admin_password = os.environ['OS_BOOTSTRAP_PASSWORD']
bootstrapper.project_name = 'admin'
bootstrapper.admin_role_name = 'admin'
bootstrapper.service_name = 'keystone'
bootstrapper.region_id = region
bootstrapper.bootstrap()
