/** Authentication of callers, with a cache. */
@NullMarked
package io.agentledger.command.identity.authentication;

import org.jspecify.annotations.NullMarked;
