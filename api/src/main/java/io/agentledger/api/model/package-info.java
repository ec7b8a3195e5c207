/** Model exchanges: usage, cost and who answers. */
@NullMarked
package io.agentledger.api.model;

import org.jspecify.annotations.NullMarked;
