/**
 * Foundations of the command side: command bus, idempotency, scheduling, caches and file access.
 */
@NullMarked
package io.agentledger.command.support;

import org.jspecify.annotations.NullMarked;
