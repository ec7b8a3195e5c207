package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Role;

/** Role that an admin can give to a user: each but that of agent tokens. */
enum AssignableRole {
  ADMIN,
  MEMBER,
  VIEWER,
  AUDITOR;

  Role toRole() {
    return Role.valueOf(name());
  }
}
