/** Search of transcripts, over HTTP, RSocket and as a tool of the platform. */
@NullMarked
package io.agentledger.gateway.session.search;

import org.jspecify.annotations.NullMarked;
