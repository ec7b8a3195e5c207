/** Maps failures to problem details (RFC 9457). */
@NullMarked
package io.agentledger.gateway.support.problem;

import org.jspecify.annotations.NullMarked;
