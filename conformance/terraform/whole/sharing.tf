resource "openstack_identity_project_v3" "friend" {
  provider    = openstack.admin
  name        = local.changed ? "tf-friend-changed" : "tf-friend"
  description = local.note
}

resource "openstack_identity_user_v3" "friend" {
  provider           = openstack.admin
  name               = "tf-friend"
  description        = local.note
  default_project_id = openstack_identity_project_v3.friend.id
  password           = local.changed ? "another-lab-password" : "a-lab-password"
}

resource "openstack_identity_role_v3" "helper" {
  provider = openstack.admin
  name     = "tf-helper"
}

data "openstack_identity_role_v3" "member" {
  provider = openstack.admin
  name     = "member"
}

resource "openstack_identity_role_assignment_v3" "friend" {
  provider   = openstack.admin
  user_id    = openstack_identity_user_v3.friend.id
  project_id = openstack_identity_project_v3.friend.id
  role_id    = local.changed ? openstack_identity_role_v3.helper.id : data.openstack_identity_role_v3.member.id
}

data "openstack_identity_project_v3" "friend" {
  provider   = openstack.admin
  name       = openstack_identity_project_v3.friend.name
  depends_on = [openstack_identity_project_v3.friend]
}

data "openstack_identity_user_v3" "friend" {
  provider   = openstack.admin
  name       = openstack_identity_user_v3.friend.name
  depends_on = [openstack_identity_user_v3.friend]
}

data "openstack_identity_endpoint_v3" "network" {
  provider     = openstack.admin
  service_type = "network"
  interface    = "public"
}

data "openstack_identity_service_v3" "network" {
  provider = openstack.admin
  type     = "network"
}

resource "openstack_networking_rbac_policy_v2" "network" {
  action        = "access_as_shared"
  object_type   = "network"
  object_id     = openstack_networking_network_v2.inside.id
  target_tenant = openstack_identity_project_v3.friend.id
}

resource "openstack_networking_rbac_policy_v2" "group" {
  action        = "access_as_shared"
  object_type   = "security_group"
  object_id     = openstack_networking_secgroup_v2.stateless.id
  target_tenant = openstack_identity_project_v3.friend.id
}

resource "openstack_networking_rbac_policy_v2" "outside" {
  provider      = openstack.admin
  action        = "access_as_external"
  object_type   = "network"
  object_id     = openstack_networking_network_v2.vlan.id
  target_tenant = openstack_identity_project_v3.friend.id
}

resource "openstack_networking_quota_v2" "friend" {
  provider            = openstack.admin
  project_id          = openstack_identity_project_v3.friend.id
  floatingip          = 7
  network             = local.changed ? 9 : 8
  port                = -1
  rbac_policy         = 3
  router              = 0
  security_group      = 11
  security_group_rule = 120
  subnet              = 13
  subnetpool          = 14
}

data "openstack_networking_quota_v2" "friend" {
  provider   = openstack.admin
  project_id = openstack_networking_quota_v2.friend.project_id
}

resource "openstack_identity_application_credential_v3" "robot" {
  name        = "tf-robot"
  description = "for programs"
  roles       = ["reader"]
  expires_at  = "2100-01-01T00:00:00Z"
}
