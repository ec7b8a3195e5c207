/** Sessions: conversations with one agent, their runs, pending actions and threads. */
@NullMarked
package io.agentledger.api.session;

import org.jspecify.annotations.NullMarked;
