/** The service itself: what it runs on, how far its projections are. */
@NullMarked
package io.agentledger.api.ops;

import org.jspecify.annotations.NullMarked;
