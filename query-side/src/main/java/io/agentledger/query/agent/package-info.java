/** Queries about agents. */
@NullMarked
package io.agentledger.query.agent;

import org.jspecify.annotations.NullMarked;
