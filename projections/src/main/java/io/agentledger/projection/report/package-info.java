/** Reports that were requested, with their progress. */
@NullMarked
package io.agentledger.projection.report;

import org.jspecify.annotations.NullMarked;
