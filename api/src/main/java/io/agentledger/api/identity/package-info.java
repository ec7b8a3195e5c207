/** Tenants, users and their credentials. */
@NullMarked
package io.agentledger.api.identity;

import org.jspecify.annotations.NullMarked;
