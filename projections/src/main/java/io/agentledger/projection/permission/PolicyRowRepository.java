package io.agentledger.projection.permission;

import io.agentledger.projection.support.ConfigurationRepository;

/** Repository of policies. */
public interface PolicyRowRepository extends ConfigurationRepository<PolicyRow> {}
