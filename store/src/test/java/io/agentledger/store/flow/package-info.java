/** Stand-ins of providers for tests. */
@NullMarked
package io.agentledger.store.flow;

import org.jspecify.annotations.NullMarked;
