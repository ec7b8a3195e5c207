/** Shared parts of all requests: address, HTTP, problems, JSON, server-sent events. */
@NullMarked
package io.agentledger.client.support;

import org.jspecify.annotations.NullMarked;
