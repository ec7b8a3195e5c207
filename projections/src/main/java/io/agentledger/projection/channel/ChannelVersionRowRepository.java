package io.agentledger.projection.channel;

import io.agentledger.projection.support.VersionRepository;

/** Repository of the versions of channels. */
public interface ChannelVersionRowRepository extends VersionRepository<ChannelVersionRow> {}
