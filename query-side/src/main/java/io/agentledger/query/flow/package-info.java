/** Answers to queries about flows and identities at providers. */
@NullMarked
package io.agentledger.query.flow;

import org.jspecify.annotations.NullMarked;
