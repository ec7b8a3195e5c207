/** Client of triggers. */
@NullMarked
package io.agentledger.client.trigger;

import org.jspecify.annotations.NullMarked;
