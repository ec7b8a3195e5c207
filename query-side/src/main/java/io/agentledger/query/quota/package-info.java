/** Answers what is asked about limits and what is used of them. */
@NullMarked
package io.agentledger.query.quota;

import org.jspecify.annotations.NullMarked;
