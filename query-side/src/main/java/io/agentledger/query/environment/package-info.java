/** Answers what environments there are, and what they were. */
@NullMarked
package io.agentledger.query.environment;

import org.jspecify.annotations.NullMarked;
