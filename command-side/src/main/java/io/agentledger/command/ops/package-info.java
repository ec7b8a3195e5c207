/** What runs tell those who watch from outside: numbers and traces, never content. */
@NullMarked
package io.agentledger.command.ops;

import org.jspecify.annotations.NullMarked;
