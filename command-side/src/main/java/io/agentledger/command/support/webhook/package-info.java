/** Requests to URLs of users that are signed according to Standard Webhooks. */
@NullMarked
package io.agentledger.command.support.webhook;

import org.jspecify.annotations.NullMarked;
