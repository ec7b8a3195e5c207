/** Hooks: programs and services that are called at defined points of an agent's work. */
@NullMarked
package io.agentledger.api.hook;

import org.jspecify.annotations.NullMarked;
