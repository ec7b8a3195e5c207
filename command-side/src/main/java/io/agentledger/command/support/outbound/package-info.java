/**
 * Outbound requests to addresses that users give, checked before, during and after each connection.
 */
@NullMarked
package io.agentledger.command.support.outbound;

import org.jspecify.annotations.NullMarked;
