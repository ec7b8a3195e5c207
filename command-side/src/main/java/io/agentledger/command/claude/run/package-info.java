/** Executes the runs of one running process, from the prompt to the recorded end. */
@NullMarked
package io.agentledger.command.claude.run;

import org.jspecify.annotations.NullMarked;
