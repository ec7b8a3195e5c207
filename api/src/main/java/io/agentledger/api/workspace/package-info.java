/** Workspaces: the folders that agents work in. */
@NullMarked
package io.agentledger.api.workspace;

import org.jspecify.annotations.NullMarked;
