package io.agentledger.projection.permission;

import io.agentledger.projection.support.ConfigurationRepository;

/** Repository of tool groups. */
public interface ToolGroupRowRepository extends ConfigurationRepository<ToolGroupRow> {}
