/**
 * Tests of the whole service through its API: a separate process, the real CLI, real PostgreSQL.
 */
@NullMarked
package io.agentledger.gateway.service;

import org.jspecify.annotations.NullMarked;
