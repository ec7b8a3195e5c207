/** Last use of credentials: written at authentication, read for display. */
@NullMarked
package io.agentledger.store.credential;

import org.jspecify.annotations.NullMarked;
