/** Calls are counted before anything is done for them; limits and usage over REST. */
@NullMarked
package io.agentledger.gateway.quota;

import org.jspecify.annotations.NullMarked;
