/** The events of a session. */
@NullMarked
package io.agentledger.api.session.event;

import org.jspecify.annotations.NullMarked;
