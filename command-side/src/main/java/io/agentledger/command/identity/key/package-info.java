/** Keys of people and tokens of agents. */
@NullMarked
package io.agentledger.command.identity.key;

import org.jspecify.annotations.NullMarked;
