/** Rate limits of requests, and limits and usage over REST. */
@NullMarked
package io.agentledger.gateway.quota;

import org.jspecify.annotations.NullMarked;
