/** Forks and clones of sessions. */
@NullMarked
package io.agentledger.gateway.session.branch;

import org.jspecify.annotations.NullMarked;
