package io.agentledger.command.support;

import io.agentledger.api.identity.UserId;

/** The user who owns the installation. */
public record InstallationOwner(UserId user) {}
