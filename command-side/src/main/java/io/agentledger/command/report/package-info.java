/** Makes reports: their aggregate, and the job that reads, writes and stores them. */
@NullMarked
package io.agentledger.command.report;

import org.jspecify.annotations.NullMarked;
