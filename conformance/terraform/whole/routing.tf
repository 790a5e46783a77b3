resource "openstack_networking_router_v2" "router" {
  name                = local.changed ? "tf-router-changed" : "tf-router"
  description         = local.note
  admin_state_up      = true
  external_network_id = openstack_networking_network_v2.outside.id
  tags                = local.tags
  depends_on          = [openstack_networking_subnet_v2.outside]
}

# With an address of the administrator's choice, and without translation of sources.
resource "openstack_networking_router_v2" "chosen" {
  provider            = openstack.admin
  name                = "tf-chosen"
  external_network_id = openstack_networking_network_v2.outside.id
  enable_snat         = local.changed
  external_fixed_ip {
    subnet_id  = openstack_networking_subnet_v2.outside.id
    ip_address = "198.51.100.90"
  }
}

resource "openstack_networking_router_interface_v2" "inside" {
  router_id = openstack_networking_router_v2.router.id
  subnet_id = openstack_networking_subnet_v2.inside.id
}

resource "openstack_networking_router_interface_v2" "inside6" {
  router_id = openstack_networking_router_v2.router.id
  subnet_id = openstack_networking_subnet_v2.inside6.id
}

resource "openstack_networking_port_v2" "leg" {
  name       = "tf-leg"
  network_id = openstack_networking_network_v2.pooled.id
  fixed_ip {
    subnet_id = openstack_networking_subnet_v2.pooled.id
  }
}

resource "openstack_networking_router_interface_v2" "pooled" {
  router_id = openstack_networking_router_v2.router.id
  port_id   = openstack_networking_port_v2.leg.id
}

resource "openstack_networking_router_route_v2" "far" {
  router_id        = openstack_networking_router_v2.router.id
  destination_cidr = "10.98.0.0/16"
  next_hop         = "10.50.0.220"
  depends_on       = [openstack_networking_router_interface_v2.inside]
}

resource "openstack_networking_router_v2" "second" {
  name = "tf-second"
}

resource "openstack_networking_port_v2" "leg2" {
  name       = "tf-leg2"
  network_id = openstack_networking_network_v2.inside.id
  fixed_ip {
    subnet_id  = openstack_networking_subnet_v2.inside.id
    ip_address = "10.50.0.252"
  }
}

resource "openstack_networking_router_interface_v2" "second" {
  router_id = openstack_networking_router_v2.second.id
  port_id   = openstack_networking_port_v2.leg2.id
}

resource "openstack_networking_router_routes_v2" "second" {
  router_id = openstack_networking_router_v2.second.id
  routes {
    destination_cidr = "10.96.0.0/16"
    next_hop         = "10.50.0.220"
  }
  routes {
    destination_cidr = local.changed ? "10.95.0.0/16" : "10.94.0.0/16"
    next_hop         = "10.50.0.30"
  }
  depends_on = [openstack_networking_router_interface_v2.second]
}

resource "openstack_networking_floatingip_v2" "server" {
  pool        = openstack_networking_network_v2.outside.name
  description = local.note
  port_id     = openstack_networking_port_v2.server.id
  fixed_ip    = local.changed ? "10.50.0.221" : "10.50.0.220"
  tags        = local.tags
  depends_on  = [openstack_networking_router_interface_v2.inside, openstack_networking_subnet_v2.outside]
}

resource "openstack_networking_floatingip_v2" "loose" {
  pool       = openstack_networking_network_v2.outside.name
  subnet_ids = [openstack_networking_subnet_v2.outside.id]
}

resource "openstack_networking_floatingip_associate_v2" "loose" {
  floating_ip = openstack_networking_floatingip_v2.loose.address
  port_id     = openstack_networking_port_v2.any.id
  depends_on  = [openstack_networking_router_interface_v2.inside]
}

resource "openstack_networking_floatingip_v2" "forwarding" {
  pool       = openstack_networking_network_v2.outside.name
  depends_on = [openstack_networking_subnet_v2.outside]
}

resource "openstack_networking_portforwarding_v2" "ssh" {
  floatingip_id       = openstack_networking_floatingip_v2.forwarding.id
  internal_port_id    = openstack_networking_port_v2.forwarded.id
  internal_ip_address = "10.50.0.222"
  internal_port       = 22
  external_port       = local.changed ? 2223 : 2222
  protocol            = "tcp"
  description         = local.note
  depends_on          = [openstack_networking_router_interface_v2.inside]
}

data "openstack_networking_router_v2" "router" {
  router_id  = openstack_networking_router_v2.router.id
  depends_on = [openstack_networking_router_v2.router]
}

data "openstack_networking_floatingip_v2" "server" {
  address    = openstack_networking_floatingip_v2.server.address
  depends_on = [openstack_networking_floatingip_v2.server]
}
