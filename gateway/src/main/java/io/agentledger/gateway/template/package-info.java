/** Templates over REST, and what becomes of one when a session is opened from it. */
@NullMarked
package io.agentledger.gateway.template;

import org.jspecify.annotations.NullMarked;
