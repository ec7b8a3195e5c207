/** Decides how much tenants and their people may use, before they use it. */
@NullMarked
package io.agentledger.command.quota;

import org.jspecify.annotations.NullMarked;
