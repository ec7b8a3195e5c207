/** What the CLI says and what is said to it: lines of JSON, and nothing of their meaning. */
@NullMarked
package io.agentledger.command.claude.protocol;

import org.jspecify.annotations.NullMarked;
