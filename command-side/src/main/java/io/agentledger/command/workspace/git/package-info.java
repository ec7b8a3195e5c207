/**
 * Fetches repositories through the guarded client and checks them out without executing any of
 * their content.
 */
@NullMarked
package io.agentledger.command.workspace.git;

import org.jspecify.annotations.NullMarked;
