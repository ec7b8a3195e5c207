/**
 * Tests of the whole service as clients see it: a process of its own, the real CLI, real
 * PostgreSQL.
 */
@NullMarked
package io.agentledger.gateway.service;

import org.jspecify.annotations.NullMarked;
