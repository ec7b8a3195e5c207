/** Directories, users and disk usage of the host. */
@NullMarked
package io.agentledger.command.claude.host;

import org.jspecify.annotations.NullMarked;
