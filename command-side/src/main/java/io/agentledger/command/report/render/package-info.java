/** Writes reports as files of each format. */
@NullMarked
package io.agentledger.command.report.render;

import org.jspecify.annotations.NullMarked;
