/** Client of sessions: opening, queries, streams, reading. */
@NullMarked
package io.agentledger.client.session;

import org.jspecify.annotations.NullMarked;
