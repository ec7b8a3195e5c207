/** Creates and serves the workspaces of sessions, without following links that lead out of them. */
@NullMarked
package io.agentledger.command.workspace;

import org.jspecify.annotations.NullMarked;
