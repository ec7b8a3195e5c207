/** Checkpoints and workspaces of sessions, with their ports. */
@NullMarked
package io.agentledger.command.claude.files;

import org.jspecify.annotations.NullMarked;
