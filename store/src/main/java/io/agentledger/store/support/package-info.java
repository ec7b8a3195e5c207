/** Collections that several features use. */
@NullMarked
package io.agentledger.store.support;

import org.jspecify.annotations.NullMarked;
