/** What every read model is built with: sealed columns, careful handling, progress. */
@NullMarked
package io.agentledger.projection.support;

import org.jspecify.annotations.NullMarked;
