/**
 * The rehearsal upstream: answers by script in the manner of the real model, so that everything
 * else is real.
 */
@NullMarked
package io.agentledger.command.model.rehearsal;

import org.jspecify.annotations.NullMarked;
