/** Items of a session's event stream, including transient events. */
@NullMarked
package io.agentledger.api.session.stream;

import org.jspecify.annotations.NullMarked;
