/** Policies, and what waits for a permission, over REST. */
@NullMarked
package io.agentledger.gateway.permission;

import org.jspecify.annotations.NullMarked;
