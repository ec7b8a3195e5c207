/** Notes on access itself: who was refused, who took copies of the audit. */
@NullMarked
package io.agentledger.command.audit;

import org.jspecify.annotations.NullMarked;
