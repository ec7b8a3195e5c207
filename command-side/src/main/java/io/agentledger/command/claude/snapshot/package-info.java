/** Snapshots of a session's files, sealed in the content store. */
@NullMarked
package io.agentledger.command.claude.snapshot;

import org.jspecify.annotations.NullMarked;
