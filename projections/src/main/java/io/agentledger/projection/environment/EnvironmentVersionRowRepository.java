package io.agentledger.projection.environment;

import io.agentledger.projection.support.VersionRepository;

/** Repository of the versions of environments. */
public interface EnvironmentVersionRowRepository extends VersionRepository<EnvironmentVersionRow> {}
