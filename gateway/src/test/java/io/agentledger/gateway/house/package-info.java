/** The whole house as its users meet it: a process of its own, the real CLI, real PostgreSQL. */
@NullMarked
package io.agentledger.gateway.house;

import org.jspecify.annotations.NullMarked;
