/** Answers about hooks and their calls. */
@NullMarked
package io.agentledger.query.hook;

import org.jspecify.annotations.NullMarked;
