/** Queries about reports. */
@NullMarked
package io.agentledger.query.report;

import org.jspecify.annotations.NullMarked;
