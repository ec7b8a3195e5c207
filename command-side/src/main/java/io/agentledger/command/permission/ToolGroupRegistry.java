package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import java.util.Optional;

/** Lookups that a tool group needs of the other groups and the policies of its tenant. */
interface ToolGroupRegistry {
  /** How many there are that are not archived. */
  int countOf(TenantId tenant);

  boolean isNameTaken(TenantId tenant, String name);

  /** A policy that names it, if one does. */
  Optional<String> findPolicyUsing(TenantId tenant, String name);
}
