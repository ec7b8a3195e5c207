/** Answers what is asked about tenants, people and what they act with. */
@NullMarked
package io.agentledger.query.identity;

import org.jspecify.annotations.NullMarked;
