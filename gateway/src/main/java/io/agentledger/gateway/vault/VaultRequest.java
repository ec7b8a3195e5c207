package io.agentledger.gateway.vault;

import io.agentledger.gateway.support.validation.ConfigurationName;

/** Request to create or rename a vault. */
record VaultRequest(@ConfigurationName String name) {}
