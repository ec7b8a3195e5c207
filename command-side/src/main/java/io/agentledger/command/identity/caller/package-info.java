/** Who stands behind a credential: kept beside the events, and asked at every request. */
@NullMarked
package io.agentledger.command.identity.caller;

import org.jspecify.annotations.NullMarked;
