/** Items of a session's event stream, and transient frames beside it. */
@NullMarked
package io.agentledger.api.session.stream;

import org.jspecify.annotations.NullMarked;
