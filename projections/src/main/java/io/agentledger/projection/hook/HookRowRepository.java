package io.agentledger.projection.hook;

import io.agentledger.projection.support.ConfigurationRepository;

/** Repository of hooks. */
public interface HookRowRepository extends ConfigurationRepository<HookRow> {}
