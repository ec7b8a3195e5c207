/** What a CLI process is started with. */
@NullMarked
package io.agentledger.command.claude.launch;

import org.jspecify.annotations.NullMarked;
