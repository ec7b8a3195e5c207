package io.agentledger.projection.task;

import io.agentledger.projection.support.VersionRepository;

/** Repository of the versions of tasks. */
public interface TaskVersionRowRepository extends VersionRepository<TaskVersionRow> {}
