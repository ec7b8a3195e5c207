package io.agentledger.projection.flow;

import io.agentledger.projection.support.ConfigurationRepository;

/** Repository of identities at providers. */
public interface SourceIdentityRowRepository extends ConfigurationRepository<SourceIdentityRow> {}
