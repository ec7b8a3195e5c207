/** Where a session's CLI lives on this host, as whom, and what of the host it can see. */
@NullMarked
package io.agentledger.command.claude.box;

import org.jspecify.annotations.NullMarked;
