/** States of a session's files: kept sealed in the content store, and put back. */
@NullMarked
package io.agentledger.command.claude.snapshot;

import org.jspecify.annotations.NullMarked;
