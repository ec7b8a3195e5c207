/** Times of the schedules of tasks. */
@NullMarked
package io.agentledger.store.task;

import org.jspecify.annotations.NullMarked;
