resource "openstack_networking_port_v2" "server" {
  name               = local.changed ? "tf-server-changed" : "tf-server"
  description        = local.note
  network_id         = openstack_networking_network_v2.inside.id
  admin_state_up     = !local.changed
  mac_address        = "fa:16:3e:50:00:01"
  dns_name           = local.changed ? "server2" : "server"
  security_group_ids = local.changed ? [openstack_networking_secgroup_v2.web.id, openstack_networking_secgroup_v2.more.id] : [openstack_networking_secgroup_v2.web.id]
  tags               = local.tags
  fixed_ip {
    subnet_id  = openstack_networking_subnet_v2.inside.id
    ip_address = "10.50.0.220"
  }
  dynamic "fixed_ip" {
    for_each = local.changed ? ["10.50.0.221"] : []
    content {
      subnet_id  = openstack_networking_subnet_v2.inside.id
      ip_address = fixed_ip.value
    }
  }
  allowed_address_pairs {
    ip_address = "10.50.0.200"
  }
  allowed_address_pairs {
    ip_address  = local.changed ? "10.50.1.0/24" : "10.50.2.0/24"
    mac_address = "fa:16:3e:50:00:99"
  }
  extra_dhcp_option {
    name  = "mtu"
    value = local.changed ? "1380" : "1390"
  }
  extra_dhcp_option {
    name       = "bootfile-name"
    value      = "boot.efi"
    ip_version = 4
  }
}

resource "openstack_networking_port_v2" "any" {
  name       = "tf-any"
  network_id = openstack_networking_network_v2.inside.id
  fixed_ip {
    subnet_id = openstack_networking_subnet_v2.inside.id
  }
}

resource "openstack_networking_port_v2" "forwarded" {
  name       = "tf-forwarded"
  network_id = openstack_networking_network_v2.inside.id
  fixed_ip {
    subnet_id  = openstack_networking_subnet_v2.inside.id
    ip_address = "10.50.0.222"
  }
}

resource "openstack_networking_port_v2" "open" {
  name                  = "tf-open"
  network_id            = openstack_networking_network_v2.inside.id
  no_security_groups    = true
  port_security_enabled = false
  no_fixed_ip           = true
}

resource "openstack_networking_port_v2" "bound" {
  provider   = openstack.admin
  name       = "tf-bound"
  network_id = openstack_networking_network_v2.vlan.id
  binding {
    host_id   = "host1"
    vnic_type = "normal"
    profile   = jsonencode({ note = local.note })
  }
}

resource "openstack_networking_port_secgroup_associate_v2" "any" {
  port_id            = openstack_networking_port_v2.any.id
  security_group_ids = [openstack_networking_secgroup_v2.more.id]
  enforce            = false
}

resource "openstack_networking_port_v2" "parent" {
  name       = "tf-parent"
  network_id = openstack_networking_network_v2.pooled.id
  depends_on = [openstack_networking_subnet_v2.pooled]
}

resource "openstack_networking_port_v2" "child" {
  count      = 2
  name       = "tf-child-${count.index}"
  network_id = openstack_networking_network_v2.pooled.id
  depends_on = [openstack_networking_subnet_v2.pooled]
}

resource "openstack_networking_trunk_v2" "trunk" {
  name           = local.changed ? "tf-trunk-changed" : "tf-trunk"
  description    = local.note
  port_id        = openstack_networking_port_v2.parent.id
  admin_state_up = true
  tags           = local.tags
  dynamic "sub_port" {
    for_each = local.changed ? [1] : [0, 1]
    content {
      port_id           = openstack_networking_port_v2.child[sub_port.value].id
      segmentation_type = "vlan"
      segmentation_id   = 10 + sub_port.value
    }
  }
}

data "openstack_networking_port_v2" "server" {
  port_id    = openstack_networking_port_v2.server.id
  depends_on = [openstack_networking_port_v2.server]
}

data "openstack_networking_port_v2" "address" {
  fixed_ip   = "10.50.0.220"
  depends_on = [openstack_networking_port_v2.server]
}

data "openstack_networking_port_ids_v2" "inside" {
  network_id     = openstack_networking_network_v2.inside.id
  sort_key       = "name"
  sort_direction = "desc"
  depends_on     = [openstack_networking_port_v2.server, openstack_networking_port_v2.any, openstack_networking_port_v2.open, openstack_networking_router_interface_v2.inside]
}

data "openstack_networking_trunk_v2" "trunk" {
  trunk_id = openstack_networking_trunk_v2.trunk.id
}
