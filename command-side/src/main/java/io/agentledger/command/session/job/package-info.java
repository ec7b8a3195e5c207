/** Execution of runs by jobs: sagas, the queue of jobs, retries, and their metrics and health. */
@NullMarked
package io.agentledger.command.session.job;

import org.jspecify.annotations.NullMarked;
