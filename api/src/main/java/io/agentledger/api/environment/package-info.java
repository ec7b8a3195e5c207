/** Environments: network, limits and directories of the sandboxes in which runs execute. */
@NullMarked
package io.agentledger.api.environment;

import org.jspecify.annotations.NullMarked;
