/** Policies, tool groups, pending actions and decisions over REST. */
@NullMarked
package io.agentledger.gateway.permission;

import org.jspecify.annotations.NullMarked;
