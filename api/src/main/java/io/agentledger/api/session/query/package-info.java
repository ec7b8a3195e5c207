/** Queries about sessions, and the views that answer them. */
@NullMarked
package io.agentledger.api.session.query;

import org.jspecify.annotations.NullMarked;
