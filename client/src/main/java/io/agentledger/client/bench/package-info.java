/** The benchmark of an own service: each row as a ratio of its floor, measured in the same run. */
@NullMarked
package io.agentledger.client.bench;

import org.jspecify.annotations.NullMarked;
