/** Authentication and authorization: who may send which message, and the ports that decide it. */
@NullMarked
package io.agentledger.api.identity.security;

import org.jspecify.annotations.NullMarked;
