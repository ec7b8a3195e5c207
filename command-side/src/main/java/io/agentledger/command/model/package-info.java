/** The model gateway: the only connection of a CLI process to a model. It holds the API key. */
@NullMarked
package io.agentledger.command.model;

import org.jspecify.annotations.NullMarked;
