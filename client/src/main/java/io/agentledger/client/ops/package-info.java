/** Status of the service as a client sees it. */
@NullMarked
package io.agentledger.client.ops;

import org.jspecify.annotations.NullMarked;
