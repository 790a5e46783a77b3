terraform {
  required_providers {
    openstack = {
      source = "terraform-provider-openstack/openstack"
    }
  }
}

provider "openstack" {}

data "openstack_identity_auth_scope_v3" "own" {
  name = "own"
}

resource "openstack_networking_network_v2" "proof" {
  name = "tf-proof"
}

output "user" {
  value = data.openstack_identity_auth_scope_v3.own.user_name
}

output "project" {
  value = data.openstack_identity_auth_scope_v3.own.project_name
}
