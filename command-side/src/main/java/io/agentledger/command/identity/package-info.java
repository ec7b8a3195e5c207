/** The local owner, who owns the installation, and the key that authenticates them. */
@NullMarked
package io.agentledger.command.identity;

import org.jspecify.annotations.NullMarked;
