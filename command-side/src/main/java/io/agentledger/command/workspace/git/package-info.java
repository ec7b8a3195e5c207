/**
 * Repositories, fetched by the guarded way out and checked out without running anything of them.
 */
@NullMarked
package io.agentledger.command.workspace.git;

import org.jspecify.annotations.NullMarked;
