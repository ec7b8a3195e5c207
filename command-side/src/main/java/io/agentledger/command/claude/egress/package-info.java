/**
 * Egress proxy: controls which hosts sandboxed processes may connect to, and forwards their
 * connections.
 */
@NullMarked
package io.agentledger.command.claude.egress;

import org.jspecify.annotations.NullMarked;
