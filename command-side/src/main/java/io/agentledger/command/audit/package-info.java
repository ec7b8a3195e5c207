/** Audit of access: denied requests, and exports of the audit itself. */
@NullMarked
package io.agentledger.command.audit;

import org.jspecify.annotations.NullMarked;
