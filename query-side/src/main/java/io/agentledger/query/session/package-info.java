/** Sessions: lists, views and the stream of events. */
@NullMarked
package io.agentledger.query.session;

import org.jspecify.annotations.NullMarked;
