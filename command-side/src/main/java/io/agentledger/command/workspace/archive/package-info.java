/** Unpacks archives and uploads within limits. */
@NullMarked
package io.agentledger.command.workspace.archive;

import org.jspecify.annotations.NullMarked;
