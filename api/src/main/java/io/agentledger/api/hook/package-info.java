/** Hooks: who is asked or told at which point of an agent's work. */
@NullMarked
package io.agentledger.api.hook;

import org.jspecify.annotations.NullMarked;
