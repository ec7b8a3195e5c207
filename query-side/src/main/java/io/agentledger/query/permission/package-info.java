/** Answers about policies, and about what waits for somebody's permission. */
@NullMarked
package io.agentledger.query.permission;

import org.jspecify.annotations.NullMarked;
