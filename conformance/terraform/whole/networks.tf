resource "openstack_networking_network_v2" "outside" {
  provider    = openstack.admin
  name        = "tf-outside"
  external    = true
  shared      = false
  description = local.note
  segments {
    network_type     = "flat"
    physical_network = "public"
  }
}

resource "openstack_networking_subnet_v2" "outside" {
  provider    = openstack.admin
  name        = "tf-outside"
  network_id  = openstack_networking_network_v2.outside.id
  cidr        = "198.51.100.0/24"
  enable_dhcp = false
  allocation_pool {
    start = "198.51.100.10"
    end   = "198.51.100.99"
  }
}

resource "openstack_networking_network_v2" "inside" {
  name                  = local.changed ? "tf-inside-changed" : "tf-inside"
  description           = local.note
  admin_state_up        = true
  mtu                   = local.changed ? 1390 : 1400
  dns_domain            = "tf.example."
  port_security_enabled = true
  tags                  = local.tags
}

resource "openstack_networking_subnet_v2" "inside" {
  name            = "tf-inside"
  description     = local.note
  network_id      = openstack_networking_network_v2.inside.id
  cidr            = "10.50.0.0/24"
  gateway_ip      = "10.50.0.254"
  dns_nameservers = local.changed ? ["192.0.2.2", "192.0.2.1"] : ["192.0.2.1", "192.0.2.2"]
  tags            = local.tags
  allocation_pool {
    start = "10.50.0.100"
    end   = local.changed ? "10.50.0.180" : "10.50.0.150"
  }
  allocation_pool {
    start = "10.50.0.10"
    end   = "10.50.0.50"
  }
}

resource "openstack_networking_subnet_route_v2" "inside" {
  subnet_id        = openstack_networking_subnet_v2.inside.id
  destination_cidr = "10.99.0.0/16"
  next_hop         = "10.50.0.253"
}

resource "openstack_networking_subnet_v2" "inside6" {
  name              = "tf-inside6"
  network_id        = openstack_networking_network_v2.inside.id
  ip_version        = 6
  cidr              = "2001:db8:50::/64"
  ipv6_address_mode = "slaac"
  ipv6_ra_mode      = "slaac"
}

resource "openstack_networking_subnet_v2" "bare" {
  name          = "tf-bare"
  network_id    = openstack_networking_network_v2.inside.id
  cidr          = "10.51.0.0/28"
  no_gateway    = true
  enable_dhcp   = local.changed
  service_types = ["compute:nova"]
}

# Of an administrator only: networks with what carries them.
resource "openstack_networking_network_v2" "vlan" {
  provider       = openstack.admin
  name           = "tf-vlan"
  admin_state_up = !local.changed
  shared         = local.changed
  segments {
    network_type     = "vlan"
    physical_network = "public"
    segmentation_id  = 150
  }
}

resource "openstack_networking_network_v2" "routed" {
  provider = openstack.admin
  name     = "tf-routed"
}

resource "openstack_networking_segment_v2" "another" {
  provider         = openstack.admin
  name             = local.changed ? "tf-segment-changed" : "tf-segment"
  description      = local.note
  network_id       = openstack_networking_network_v2.routed.id
  network_type     = "vlan"
  physical_network = "public"
  segmentation_id  = 151
}

data "openstack_networking_network_v2" "inside" {
  name       = openstack_networking_network_v2.inside.name
  tags       = ["terraform"]
  depends_on = [openstack_networking_network_v2.inside]
}

data "openstack_networking_network_v2" "outside" {
  external   = true
  name       = openstack_networking_network_v2.outside.name
  depends_on = [openstack_networking_subnet_v2.outside]
}

data "openstack_networking_subnet_v2" "inside" {
  cidr      = openstack_networking_subnet_v2.inside.cidr
  subnet_id = openstack_networking_subnet_v2.inside.id
}

data "openstack_networking_subnet_ids_v2" "inside" {
  network_id     = openstack_networking_network_v2.inside.id
  ip_version     = 4
  sort_key       = "cidr"
  sort_direction = "asc"
  depends_on     = [openstack_networking_subnet_v2.inside, openstack_networking_subnet_v2.bare]
}

data "openstack_networking_segment_v2" "another" {
  provider   = openstack.admin
  network_id = openstack_networking_network_v2.routed.id
  segment_id = openstack_networking_segment_v2.another.id
}
