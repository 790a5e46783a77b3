terraform {
  required_providers {
    openstack = {
      source = "terraform-provider-openstack/openstack"
    }
  }
}

# Who the tenant is comes from the environment: OS_CLOUD, or OS_AUTH_URL and the like.
provider "openstack" {}

provider "openstack" {
  alias = "admin"
  cloud = "admin"
}

# 1: as first made. 2: everything that can be changed in place is changed.
variable "stage" {
  type    = number
  default = 1
}

locals {
  changed = var.stage == 2
  note    = local.changed ? "changed" : "first"
  tags    = local.changed ? ["terraform", "two"] : ["one", "terraform"]
}

data "openstack_identity_auth_scope_v3" "own" {
  name = "own"
}
