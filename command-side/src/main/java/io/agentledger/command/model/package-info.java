/**
 * The model gateway: the one door through which a CLI process reaches a model, with the key on our
 * side of it.
 */
@NullMarked
package io.agentledger.command.model;

import org.jspecify.annotations.NullMarked;
