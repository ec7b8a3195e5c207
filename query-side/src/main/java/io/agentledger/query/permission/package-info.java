/** Queries about policies, pending actions and decisions. */
@NullMarked
package io.agentledger.query.permission;

import org.jspecify.annotations.NullMarked;
