/** The rehearsal upstream: scripted responses in the format of the real model API. */
@NullMarked
package io.agentledger.command.model.rehearsal;

import org.jspecify.annotations.NullMarked;
