package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import java.util.Optional;

/** What a group of tools must know of the others of its tenant, and of its policies. */
interface ToolGroupRegistry {
  /** How many there are that are not archived. */
  int countOf(TenantId tenant);

  boolean isNameTaken(TenantId tenant, String name);

  /** A policy that names it, if one does. */
  Optional<String> findPolicyUsing(TenantId tenant, String name);
}
