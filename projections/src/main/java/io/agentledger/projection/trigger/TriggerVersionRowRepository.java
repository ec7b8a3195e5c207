package io.agentledger.projection.trigger;

import io.agentledger.projection.support.VersionRepository;

/** Repository of the versions of triggers. */
public interface TriggerVersionRowRepository extends VersionRepository<TriggerVersionRow> {}
