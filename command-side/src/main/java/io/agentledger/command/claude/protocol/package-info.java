/** Protocol of the CLI: JSON lines that it reads and writes, without their business meaning. */
@NullMarked
package io.agentledger.command.claude.protocol;

import org.jspecify.annotations.NullMarked;
