package io.agentledger.command.claude.runner;

import io.agentledger.command.claude.files.FileCheckpointService;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.host.HostDirectoryResolver;
import java.time.Duration;

/**
 * Node whose processes are supervised.
 *
 * @param orphanTimeout how long a process runs without a heartbeat
 * @param variablePassthrough variables of the service's environment that processes may get
 */
record NodeContext(
    SessionPathsResolver pathsResolver,
    HostDirectoryResolver directoryResolver,
    FileCheckpointService checkpoints,
    String node,
    Duration orphanTimeout,
    VariablePassthrough variablePassthrough) {}
