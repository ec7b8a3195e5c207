package io.agentledger.command.support;

import io.agentledger.api.identity.UserId;

/** The person whose installation this is. */
public record InstallationOwner(UserId user) {}
