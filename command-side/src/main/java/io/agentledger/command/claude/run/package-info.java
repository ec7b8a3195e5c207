/** Carries out the runs of one living process, from the prompt to the recorded end. */
@NullMarked
package io.agentledger.command.claude.run;

import org.jspecify.annotations.NullMarked;
