/** Flows: a plan, its approval, its execution, and what is published of it, under one id. */
@NullMarked
package io.agentledger.api.flow;

import org.jspecify.annotations.NullMarked;
