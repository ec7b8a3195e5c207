/** Sessions: lists, views and the stream of facts. */
@NullMarked
package io.agentledger.query.session;

import org.jspecify.annotations.NullMarked;
