/** Answers about access. */
@NullMarked
package io.agentledger.query.audit;

import org.jspecify.annotations.NullMarked;
