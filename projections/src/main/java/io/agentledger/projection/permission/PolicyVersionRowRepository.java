package io.agentledger.projection.permission;

import io.agentledger.projection.support.VersionRepository;

/** Repository of the versions of policies. */
public interface PolicyVersionRowRepository extends VersionRepository<PolicyVersionRow> {}
